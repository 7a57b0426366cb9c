"""Scriptable OpenID issuers as pytest fixtures; see the README."""

from assay_pytest.server import Issuer, Problem, Server

__all__ = ["Issuer", "Problem", "Server"]
