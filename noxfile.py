"""What a contributor runs: `nox -l` lists it, `nox -s lint` runs one of it."""

from __future__ import annotations

import nox

nox.options.sessions = ["tests", "lint"]
nox.options.default_venv_backend = "venv"
NONE_SELECTED = 5
BESIDE = ("-m", "slow and not alone", "-n", "2", "--dist", "worksteal")
PROJECT = nox.project.load_toml("pyproject.toml")


def _install(session: nox.Session, group: str) -> None:
    session.install("--editable", ".[dask,postgres]")
    session.install(*nox.project.dependency_groups(PROJECT, group))


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
def tests(session: nox.Session) -> None:
    """The quick tests, on every Python that is here."""
    _install(session, "test")
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def proofs(session: nox.Session) -> None:
    """The long proofs: kills, soaks, two senders, real browsers; `-- tests/ledger` for a part."""
    _install(session, "test")
    session.install(*nox.project.dependency_groups(PROJECT, "lint"))
    thorough = {"BATCHSEND_TEST_THOROUGHLY": "1"}
    for of_these in (BESIDE, ("-m", "alone")):
        session.run(
            "pytest", *of_these, *session.posargs, env=thorough, success_codes=[0, NONE_SELECTED]
        )


@nox.session
def lint(session: nox.Session) -> None:
    """Style, types and layers."""
    _install(session, "test")
    session.install(*nox.project.dependency_groups(PROJECT, "lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("mypy", "--config-file", "tests/mypy.ini")
    session.run("lint-imports")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation's site, into build/docs."""
    session.install(".", *nox.project.dependency_groups(PROJECT, "docs"))
    session.run("python", "docs/make_reference.py")
    session.run("python", "-m", "sphinx", "-W", "docs", "build/docs")


@nox.session
def bench(session: nox.Session) -> None:
    """One benchmark: `nox -s bench -- end_to_end`."""
    _install(session, "benchmarks")
    for name in session.posargs:
        session.run("python", f"benchmarks/{name}.py")
