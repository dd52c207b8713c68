"""Every way of storing to a watched attribute is seen, at its line, with old and new value."""

import functools
import inspect
from types import SimpleNamespace

import pytest

import wherefrom


class Thing:
    """What gets stored."""


class Plain:
    value = None


class Child(Plain):
    pass


class Slotted:
    __slots__ = ("value",)


class Guarded(Plain):
    def __setattr__(self, name, value):
        super().__setattr__(name, value)


class WithProperty:
    def __init__(self):
        self._value = None

    @property
    def value(self):
        raise AssertionError("the observer must not read a property")

    @value.setter
    def value(self, value):
        self._value = value


class Descriptor:
    def __get__(self, obj, owner=None):
        raise AssertionError("the observer must not run a descriptor")

    def __set__(self, obj, value):
        vars(obj)["hidden"] = value


class WithDescriptor:
    value = Descriptor()


class Context:
    def __enter__(self):
        return Thing()

    def __exit__(self, *_):
        return None


MODULE_VALUE = None
HERE = __name__


def plain(x):
    x.value = Thing()  # here


def by_setattr(x):
    setattr(x, "value", Thing())  # noqa: B010 # here


def by_object(x):
    object.__setattr__(x, "value", Thing())  # here


def by_dict_item(x):
    x.__dict__["value"] = Thing()  # here


def by_dict_update(x):
    vars(x).update(value=Thing())  # here


def by_tuple(x):
    _, x.value = 1, Thing()  # here


def by_for(x):
    for x.value in [Thing()]:  # here
        pass


def by_with(x):
    with Context() as x.value:  # here
        pass


def by_chain(x):
    box = SimpleNamespace(inner=SimpleNamespace(x=x))
    box.inner.x.value = Thing()  # here


def by_call(x):
    def find():
        return x

    find().value = Thing()  # here


def by_partial(x):
    functools.partial(setattr, x)("value", Thing())  # here


def here_of(function):
    lines, start = inspect.getsourcelines(function)
    return start + next(n for n, line in enumerate(lines) if line.rstrip().endswith("# here"))


WAYS = [plain, by_setattr, by_object, by_dict_item, by_dict_update, by_tuple, by_for, by_with]
WAYS += [by_chain, by_call, by_partial]


@pytest.mark.parametrize("way", WAYS, ids=lambda each: each.__name__)
def test_a_store_is_seen_at_its_line_however_it_is_written(way):
    x = Child()
    with wherefrom.observe(watch=[f"{HERE}.Plain.value"]) as trace:
        way(x)
    (store,) = trace.stores
    assert store.seen
    assert (store.file, store.line) == (__file__, here_of(way))
    assert (store.old.text, store.new.type) == ("None", f"{HERE}:Thing")
    assert store.holder.type == f"{HERE}:Child"
    assert store.stack[0].qualname == way.__name__


@pytest.mark.parametrize("way", [plain, by_setattr, by_object], ids=lambda each: each.__name__)
def test_a_slot_is_watched_as_any_attribute(way):
    x = Slotted()
    with wherefrom.observe(watch=[f"{HERE}.Slotted.value"]) as trace:
        way(x)
    (store,) = trace.stores
    assert (store.old, store.new.type, store.line) == (None, f"{HERE}:Thing", here_of(way))


def test_a_class_with_its_own_setattr_is_seen_where_that_stores():
    x = Guarded()
    with wherefrom.observe(watch=[f"{HERE}.Plain.value"]) as trace:
        plain(x)
    (store,) = trace.stores
    assert [each.qualname for each in store.stack[:2]] == ["Guarded.__setattr__", "plain"]


@pytest.mark.parametrize("cls", [WithProperty, WithDescriptor])
def test_a_property_or_descriptor_is_stored_to_where_its_setter_is_called(cls):
    x = cls()
    with wherefrom.observe(watch=[f"{HERE}.{cls.__name__}.value"]) as trace:
        plain(x)
    (store,) = trace.stores
    assert (store.line, store.new.type) == (here_of(plain), f"{HERE}:Thing")


def test_a_deletion_is_a_store_of_nothing():
    x = Plain()
    x.value = Thing()
    with wherefrom.observe(watch=[f"{HERE}.Plain.value"]) as trace:
        del x.value
    (store,) = trace.stores
    assert (store.old.type, store.new) == (f"{HERE}:Thing", None)


def test_a_class_attribute_and_a_module_global_can_be_watched():
    def stores():
        global MODULE_VALUE  # noqa: PLW0603 - that is what it tests
        Plain.value = 1
        Plain.value = None
        MODULE_VALUE = 2
        MODULE_VALUE = None

    with wherefrom.observe(watch=[f"{HERE}.Plain.value", f"{HERE}.MODULE_VALUE"]) as trace:
        stores()
    seen = [(each.attribute, each.old.text, each.new.text) for each in trace.stores]
    assert seen == [
        ("value", "None", "1"),
        ("value", "1", "None"),
        ("MODULE_VALUE", "None", "2"),
        ("MODULE_VALUE", "2", "None"),
    ]


def test_the_same_value_stored_again_and_two_stores_on_a_line_are_all_told():
    def stores(x):
        x.value = None
        for x.value in (1, 2):
            pass

    with wherefrom.observe(watch=[f"{HERE}.Plain.value"]) as trace:
        stores(Plain())
    assert [(s.old.text, s.new.text) for s in trace.stores] == [
        ("None", "None"),
        ("None", "1"),
        ("1", "2"),
    ]


def test_a_store_in_the_block_itself_is_seen():
    with wherefrom.observe(watch=[f"{HERE}.Plain.value"]) as trace:
        x = Plain()
        x.value = 5
    assert [each.new.text for each in trace.stores] == ["5"]


def hidden(x):
    return functools.partial(setattr, x, "value", 7)


def test_a_change_that_no_step_saw_is_said_to_lie_between_two_calls():
    x = Plain()
    change = hidden(x)

    def unwatched():
        change()

    def after(x):
        return x

    with wherefrom.observe(watch=[f"{HERE}.Plain.value"]) as trace:
        after(x)
        unwatched()
        after(x)
    (store,) = trace.stores
    assert (store.seen, store.new.text) == (False, "7")
    assert "changed between these two calls, not seen" in trace.outline()


def test_a_store_that_fails_is_not_told():
    def fails():
        Slotted.__new__(Slotted).other = 1

    with wherefrom.observe(watch=[f"{HERE}.Slotted.other"]) as trace, pytest.raises(AttributeError):
        fails()
    assert trace.stores == ()


def test_an_attribute_that_two_paths_name_is_watched_once():
    x = Child()
    with wherefrom.observe(watch=[f"{HERE}.Plain.value", f"{HERE}.Child.value"]) as trace:
        plain(x)
    assert len(trace.stores) == 1
