# Every target sets up what it needs: `make test` is a fine first command on a machine with only Python 3.11, pip and make.
PY ?= python3
BIN := .venv/bin
PIP := $(PY) -m pip --python $(BIN)/python --disable-pip-version-check
DIR ?= watch
IMAGE ?= monitor
BASE ?= docker.io/library/python:3.11-slim-bookworm
BUILDER ?= docker
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --all-extras

.PHONY: setup run demo test check format cover bench image lock clean
setup: .venv/dev

# venv without pip: Debian's python3 has no ensurepip; the system's pip installs into it instead.
$(BIN)/python:
	$(PY) -m venv --without-pip .venv

# The lock is whole, so nothing is resolved: pip would look past it for the newest of a package asked for with an extra.
.venv/run: requirements.lock $(BIN)/python
	$(PIP) install -q --no-deps --require-hashes -r requirements.lock
	@touch $@

.venv/dev: requirements-dev.lock pyproject.toml $(BIN)/python
	$(PIP) install -q --no-deps --require-hashes -r requirements-dev.lock
	$(PIP) install -q --no-deps --no-build-isolation -e .
	$(PIP) check
	@touch .venv/run $@

run: .venv/run                        ## the service on the starter configuration in ./watch
	@test -f $(DIR)/monitor.yaml || $(BIN)/python -m monitor init $(DIR)
	$(BIN)/python -m monitor --config $(DIR)/monitor.yaml run

demo: .venv/run                       ## four invented weeks of news in seconds, alerts in this terminal
	$(BIN)/python -m monitor demo

test: .venv/dev .venv/tools
	$(BIN)/python -m pytest -n auto --dist worksteal

# What tests need beyond Python, where it may be installed; elsewhere they are skipped, and say so.
.venv/tools: $(BIN)/python
	@missing=$$(for tool in chromium strace; do command -v $$tool >/dev/null || echo $$tool; done); \
	if [ "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends $$missing >/dev/null \
		|| echo "could not be installed: $$missing; the tests that need them are skipped"; fi
	@touch $@

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/monitor rules check rules
	$(BIN)/monitor rules test rules

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

cover: .venv/dev .venv/tools
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term

bench: .venv/dev
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

comma := ,
image:                                ## BUILDER=buildah uses `buildah build`; PIP_CERT names a proxy's certificate
	$(BUILDER) build $(if $(PIP_CERT),--secret id=ca$(comma)src=$(PIP_CERT)) --build-arg BASE=$(BASE) -t $(IMAGE) .

lock: .venv/dev
	$(COMPILE) --group dev pyproject.toml -o requirements-dev.lock
	$(COMPILE) -c requirements-dev.lock pyproject.toml -o requirements.lock

clean:
	rm -rf .venv dist build
