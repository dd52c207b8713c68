"""Generators and coroutines: one call each, in the turn of whatever resumes them."""

import asyncio

import pytest

import wherefrom

HERE = __name__


class Box:
    value = None


class Thing:
    def __init__(self):
        self.made = True


def put(box, thing):
    box.value = thing


def helper(number):
    return number


def observed(program, **options):
    with wherefrom.observe(focus=[HERE], **options) as trace:
        program()
    return trace


def calls(trace):
    return [call for call in trace.calls if not call.loop]


def names(trace):
    return [call.qualname.rpartition(".")[2] for call in calls(trace)]


def raised(trace):
    return [call.raised for call in calls(trace) if call.qualname.endswith("numbers")]


def numbers():
    yield helper(1)
    yield helper(2)


def test_a_generator_that_is_dropped_is_not_the_one_that_comes_after_it():
    def program():
        for _ in range(3):
            next(numbers())

    assert names(observed(program)) == ["program", *["numbers", "helper"] * 3]


def test_what_is_thrown_into_a_generator_leaves_it_unless_it_is_caught():
    def catching_numbers():
        for number in (1, 2):
            try:
                yield number
            except ValueError:
                yield 0

    def program(generator):
        next(generator)
        generator.throw(ValueError())

    with pytest.raises(ValueError, match=r"^$"), wherefrom.observe() as trace:
        program(numbers())
    assert raised(trace) == ["ValueError"]
    with wherefrom.observe() as trace:
        generator = catching_numbers()
        program(generator)
        assert list(generator) == [2]
    assert raised(trace) == [""]
    assert len(trace.calls) == 2


def test_a_generator_that_is_thrown_into_at_the_same_yield_again_and_again_goes_on():
    def steady_numbers():
        while True:
            try:
                yield
            except ValueError:
                helper(0)

    def program():
        generator = steady_numbers()
        next(generator)
        for _ in range(3):
            generator.throw(ValueError())
            next(generator)

    trace = observed(program)
    assert names(trace) == ["program", "steady_numbers", "helper", "helper", "helper"]


def test_closing_a_generator_ends_its_call_and_runs_its_finally_beneath_it():
    def closed_numbers():
        try:
            yield 1
        finally:
            helper(0)

    def program():
        for _ in range(2):
            generator = closed_numbers()
            next(generator)
            generator.close()

    trace = observed(program)
    assert names(trace) == ["program", *["closed_numbers", "helper"] * 2]
    # That is how it ends, on any Python: nothing that went wrong.
    assert raised(trace) == ["", ""]


def test_a_generator_within_a_generator_gives_its_result_to_it():
    def inner_numbers():
        yield 1
        return 2

    def outer_numbers():
        return (yield from inner_numbers())

    outer, inner = observed(lambda: list(outer_numbers())).calls
    assert (outer.result.text, inner.result.text) == ("2", "2")
    assert inner.parent == outer.ident


def test_a_generator_that_began_before_is_a_call_where_it_goes_on():
    generator = numbers()
    next(generator)
    trace = observed(lambda: next(generator))
    assert names(trace) == ["numbers", "helper"]


def test_a_cancelled_coroutine_says_so():
    async def sleeper():
        await asyncio.sleep(60)

    async def main():
        task = asyncio.create_task(sleeper())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    trace = observed(lambda: asyncio.run(main()))
    assert [call.raised for call in calls(trace)] == ["", "CancelledError"]


def test_coroutines_that_take_turns_keep_their_own_calls_beneath_them():
    async def worker(number):
        for _ in range(2):
            await asyncio.sleep(0)
            helper(number)

    async def main():
        await asyncio.gather(worker(1), worker(2))

    trace = observed(lambda: asyncio.run(main()))
    helpers = [call for call in calls(trace) if call.qualname == "helper"]
    given = [call.args[0][1].text for call in helpers]
    assert given == ["1", "2", "1", "2"]
    assert [trace.call(call.parent).args[0][1].text for call in helpers] == given


def test_an_asynchronous_generator_is_one_call():
    async def numbers():
        yield helper(1)
        await asyncio.sleep(0)
        yield helper(2)

    async def main():
        return [number async for number in numbers()]

    assert names(observed(lambda: asyncio.run(main()))) == ["main", "numbers", "helper", "helper"]


def test_what_a_coroutine_does_after_it_was_resumed_is_done_in_that_later_turn():
    box = Box()

    async def main():
        thing = Thing()
        await asyncio.sleep(0.001)
        put(box, thing)

    trace = observed(lambda: asyncio.run(main()), watch=[f"{HERE}.Box.value"])
    origin = trace.origin("Box.value")
    assert 0 < origin.born.turn < origin.store.turn
    assert [call.qualname.rpartition(".")[2] for call in origin.stored_chain] == ["main", "put"]
    outline = trace.outline()
    assert outline.endswith("-- later, from the event loop\nput\n  Box.value: None -> Thing")
    assert trace.stores[0].turn == trace.call(trace.stores[0].parent).turn


def test_a_block_in_a_coroutine_goes_on_when_the_coroutine_does():
    box = Box()

    async def main():
        with wherefrom.observe(watch=[f"{HERE}.Box.value"], focus=[HERE]) as trace:
            helper(1)
            await asyncio.sleep(0)
            box.value = 1
            helper(2)
        return trace

    trace = asyncio.run(main())
    assert names(trace) == ["helper", "helper"]
    assert [(store.new.text, store.seen) for store in trace.stores] == [("1", True)]
