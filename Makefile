# make run     everything it needs, then the live map
# make test    everything it needs, then every check and every test
# make check   style, types and the direction of imports
# make bench   speed on a million incidents, printed as a table
#
# PORT=8080            where to serve
# WATCH_DB_URL=…       a PostGIS of your own instead of the private one
# PYTHON=python3.12    which Python makes the virtual environment
# PYTEST_ARGS="-k …"   what make test hands to pytest

.DEFAULT_GOAL := run
.PHONY: run test check bench ready ready-for-tests
SETUP := dashboard/setup

ifneq ($(strip $(PORT)),)
export WATCH_PORT := $(PORT)
endif
unexport PORT

run: ready
	@exec .venv/bin/python -m dashboard run

test: ready-for-tests check
	@exec .venv/bin/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(PYTEST_ARGS)

check: ready-for-tests
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy geo dashboard pages
	.venv/bin/lint-imports

bench: ready-for-tests
	@exec .venv/bin/python tests/benchmarks/run.py

ready:
	@sh $(SETUP)/packages.sh run
	@sh $(SETUP)/environment.sh run
	@sh $(SETUP)/assets.sh run

ready-for-tests:
	@sh $(SETUP)/packages.sh test
	@sh $(SETUP)/environment.sh test
	@sh $(SETUP)/browser.sh fetch
	@sh $(SETUP)/assets.sh test
