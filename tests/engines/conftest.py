"""The running app of the browser tests."""

from tests.browser.conftest import demo

__all__ = ["demo"]
