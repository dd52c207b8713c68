"""Which object is stored to: found whatever expression gives it, and never mistaken."""

import pytest

import wherefrom
from wherefrom.observe import ObserveError, watches

HERE = __name__


class Plain:
    value = None


class Linked:
    def __init__(self):
        self.plain = Plain()

    @property
    def asked(self):
        return self.plain


def observed(program, *watch, **options):
    paths = [f"{HERE}.{each}" for each in watch or ("Plain.value",)]
    with wherefrom.observe(watch=paths, **options) as trace:
        program()
    return trace


def told(trace):
    return [(store.old and store.old.text, store.new and store.new.text) for store in trace.stores]


def conditional(x, y, first):
    (x if first else y).value = 1


def alternative(x, y, first):
    ((first and x) or y).value = 1


def subscript(x, y, first):
    {True: x, False: y}[first].value = 1


def result(x, y, first):
    (x, y).__getitem__(not first).value = 1


def by_setattr(x, y, first):
    [y, x][first].value = 1


def by_dict(x, y, first):
    [y, x][first].__dict__["value"] = 1


def by_vars(x, y, first):
    vars([y, x][first]).update(value=1)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    "way",
    [conditional, alternative, subscript, result, by_setattr, by_dict, by_vars],
    ids=lambda each: each.__name__,
)
def test_an_expression_that_gives_the_holder_is_followed(way, first):
    x, y = Plain(), Plain()
    trace = observed(lambda: way(x, y, first), focus=["nothing"])
    assert told(trace) == [("None", "1")]
    assert trace.stores[0].seen
    assert (x.value, y.value) == ((1, None) if first else (None, 1))


def test_a_holder_that_a_property_gives_is_found_without_asking_it():
    linked = Linked()

    def program():
        linked.asked.value = 1

    assert told(observed(program, focus=["nothing"])) == [("None", "1")]


def test_a_class_that_no_name_leads_to_is_found():
    hidden = {}
    exec("class Hidden:\n    value = None", {"__name__": "nowhere"}, hidden)
    box = [hidden.pop("Hidden")]

    def program():
        setattr(box[0], "value", 1)  # noqa: B010
        box[0].value = 2

    with wherefrom.observe(watch=["nowhere.Hidden.value"]) as trace:
        program()
    assert told(trace) == [("None", "1"), ("1", "2")]


def test_an_object_that_dies_as_it_is_stored_to_is_told_all_the_same():
    def make():
        return Plain()

    def program():
        make().value = 1

    assert told(observed(program, focus=["nothing"])) == [("None", "1")]


def test_where_the_search_for_holders_is_given_up_the_trace_says_so(monkeypatch):
    monkeypatch.setattr(watches, "MOST_SEARCHES", 3)
    kept = []

    def make():
        kept.append(Plain())
        return kept[-1]

    def program():
        for _ in range(4):
            make().value = 1

    trace = observed(program, focus=["nothing"])
    assert len(trace.stores) == 3
    assert trace.notes == (
        "some stores may be missing: too many were to objects that no name led to",
    )


def test_a_setattr_that_does_nothing_stores_nothing():
    class Deaf(Plain):
        def __setattr__(self, name, value):
            pass

    def program():
        Deaf().value = 1

    assert told(observed(program)) == []


def test_a_setter_that_raises_stores_nothing():
    class Strict:
        @property
        def value(self):
            return 1

        @value.setter
        def value(self, value):
            raise ValueError(value)

    def program():
        strict = Strict()
        with pytest.raises(ValueError, match="2"):
            strict.value = 2

    assert told(observed(program, "Strict.value")) == []


def test_deleting_what_is_not_there_is_no_store():
    def program():
        with pytest.raises(AttributeError):
            del Plain().value

    assert told(observed(program)) == []


def test_an_object_that_stands_for_another_is_not_the_holder():
    class Proxy:
        def __init__(self, inner):
            object.__setattr__(self, "inner", inner)

        def __setattr__(self, name, value):
            setattr(self.inner, name, value)

    def program():
        Proxy(Plain()).value = 1

    trace = observed(program)
    assert told(trace) == [("None", "1")]
    assert trace.stores[0].holder.type == f"{HERE}:Plain"


def test_the_class_of_a_metaclass_with_its_own_setattr_is_watched():
    class Meta(type):
        def __setattr__(cls, name, value):
            super().__setattr__(name, value)

    class Made(metaclass=Meta):
        value = None

    def program():
        Made.value = 1

    assert told(observed(program, "Made.value")) == [("None", "1")]


@pytest.mark.parametrize("path", ["value", "", ".", "a..b", "a.b()", "a. b"])
def test_a_path_that_names_no_attribute_is_refused(path):
    with pytest.raises(ObserveError, match=r"is no attribute's path: write package"):
        wherefrom.observe(watch=[path])


def test_a_path_that_leads_nowhere_is_noted_and_one_that_leads_to_a_local_class_is_not():
    class Local:
        value = None

    trace = observed(Local, "Local.value", "Plain.value", "Plane.value")
    assert trace.notes == (f"`{HERE}.Plane.value` was never met: is it spelt so?",)
