"""Twisted: what its programs import, how its reactors call out, where its source is."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module

from wherefrom.profiles import Profile


def _facts() -> Mapping[str, str]:
    module = sys.modules.get("twisted.internet.reactor")
    return {} if module is None else {"reactor": type(module).__name__}


def _documented() -> None:
    """Give interfaces the qualified name that annotations are shown by."""
    interfaces = import_module("twisted.internet.interfaces")
    for each in vars(interfaces).values():
        if type(each).__name__ == "InterfaceClass":
            each.__qualname__ = each.__name__


PROFILE = Profile(
    name="twisted",
    distribution="Twisted",
    # Never twisted.internet.reactor, nor what imports it: importing it installs a reactor, and
    # which one is for each page to choose.
    preload=(
        "twisted.internet.abstract",
        "twisted.internet.base",
        "twisted.internet.default",
        "twisted.internet.defer",
        "twisted.internet.endpoints",
        "twisted.internet.error",
        "twisted.internet.interfaces",
        "twisted.internet.main",
        "twisted.internet.posixbase",
        "twisted.internet.process",
        "twisted.internet.protocol",
        "twisted.internet.task",
        "twisted.internet.tcp",
        "twisted.internet.testing",
        "twisted.internet.threads",
        "twisted.internet.udp",
        "twisted.internet.unix",
        "twisted.internet.utils",
        "twisted.application.internet",
        "twisted.application.service",
        "twisted.logger",
        "twisted.protocols.basic",
        "twisted.protocols.policies",
        "twisted.python.failure",
        "twisted.python.log",
        "twisted.python.threadpool",
    ),
    loops=(
        "twisted.internet.posixbase._PollLikeMixin._doReadOrWrite",
        "twisted.internet.selectreactor.SelectReactor._doReadOrWrite",
        "twisted.internet.asyncioreactor.AsyncioSelectorReactor._readOrWrite",
        "twisted.internet.kqreactor.KQueueReactor._doWriteOrRead",
        "twisted.internet._threadedselect.ThreadedSelectReactor._doReadOrWrite",
        "twisted.internet._glibbase.GlibReactorBase._doReadOrWrite",
    ),
    dispatchers=(
        "twisted.internet.base.ReactorBase.runUntilCurrent",
        "twisted.internet.base._ThreePhaseEvent.fireEvent",
        "twisted.internet.base._ThreePhaseEvent._continueFiring",
    ),
    loop_name="reactor",
    source_url=(
        "https://github.com/twisted/twisted/blob/twisted-{version}/src/{path}#L{start}-L{end}"
    ),
    markup="epytext",
    interface="zope.interface.Interface",
    implementer="implementer",
    facts=_facts,
    documented=_documented,
)
