"""An OpenID issuer to script from pytest. See docs/pytest.md; the fixtures are in plugin.py."""

from pytest_assay.clock import Clock
from pytest_assay.control import AssayError, AssayTimeout
from pytest_assay.issuer import Device, Exchange, Issuer, NotAsScripted
from pytest_assay.plugin import (
    IssuerFactory,
    assay_arguments,
    assay_binary,
    assay_server,
    issuer,
    issuer_factory,
    pytest_addoption,
    pytest_collect_file,
    pytest_configure,
    pytest_runtest_makereport,
)
from pytest_assay.server import AssayServer
from pytest_assay.steps import Step, StepBuilder

__all__ = [
    "AssayError", "AssayServer", "AssayTimeout", "Clock", "Device", "Exchange", "Issuer", "IssuerFactory",
    "NotAsScripted", "Step", "StepBuilder", "assay_arguments", "assay_binary", "assay_server", "issuer",
    "issuer_factory", "pytest_addoption", "pytest_collect_file", "pytest_configure", "pytest_runtest_makereport",
]
