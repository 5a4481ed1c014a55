# Every target sets up what it needs; `make test` is a fine first command on a machine with only Python 3.11, pip and make.
PY ?= python3
BIN := .venv/bin
PIP := $(PY) -m pip --python $(BIN)/python --disable-pip-version-check

.PHONY: setup run demo test check cover bench image lock clean
setup: .venv/dev

# venv without pip: Debian's python3 has no ensurepip; the system's pip installs into it instead.
$(BIN)/python:
	$(PY) -m venv --without-pip .venv

.venv/run: requirements.lock pyproject.toml $(BIN)/python
	$(PIP) install -q --require-hashes -r requirements.lock
	touch $@

.venv/dev: requirements-dev.lock pyproject.toml $(BIN)/python
	$(PIP) install -q --require-hashes -r requirements-dev.lock
	$(PIP) install -q --no-deps --no-build-isolation -e .
	touch $@ .venv/run

lock: .venv/dev
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --all-extras \
	  --group dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --all-extras \
	  -c requirements-dev.lock pyproject.toml -o requirements.lock
