"""A profile is complete, and warming a worker by it changes nothing for the page."""

import json
import subprocess
import sys
from importlib import import_module

import pytest

from wherefrom.errors import ConfigError
from wherefrom.profiles import PLAIN, for_library, load, names

WARM = """
import json, sys, threading
from importlib import import_module
for name in {preload!r}:
    import_module(name)
print(json.dumps(["twisted.internet.reactor" in sys.modules, threading.active_count()]))
"""


def test_a_profile_is_found_by_the_name_that_a_page_gives_its_library():
    assert names() == ("asyncio", "twisted")
    assert for_library("Twisted") is load("twisted")
    assert for_library("nothing-known") is PLAIN
    assert load("") is PLAIN


def test_an_unknown_profile_is_refused_with_the_names_there_are():
    with pytest.raises(ConfigError, match=r"no profile is called `torn`.*asyncio, twisted"):
        load("torn")


@pytest.mark.parametrize("name", ["asyncio", "twisted"])
def test_preloading_installs_no_reactor_and_starts_no_thread(name):
    code = WARM.format(preload=load(name).preload)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert json.loads(done.stdout) == [False, 1]


@pytest.mark.parametrize("name", ["asyncio", "twisted"])
def test_the_loop_functions_are_those_that_the_library_has(name):
    here = ("posixbase", "selectreactor", "asyncioreactor", "base", "events")
    profile = load(name)
    for path in (*profile.loops, *profile.dispatchers):
        module, owner, function = path.rsplit(".", 2)
        if module.rsplit(".", 1)[1] in here:
            assert callable(vars(getattr(import_module(module), owner))[function])
