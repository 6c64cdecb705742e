PYTHON ?= python3
PROVIDE = @$(PYTHON) civic/runtime/bootstrap.py
BIN = .venv/bin

.PHONY: help run test check bench lock

help:
	@echo "make run    start the portal (first time: install what it needs)"
	@echo "make test   run the whole test suite; make test ARGS='-k word' runs some"
	@echo "make check  lint, format, types, import layers, missing migrations, deploy checks"
	@echo "make bench  measure, on the screen and in bench.json"
	@echo "make lock   pin the dependencies of pyproject.toml in requirements.lock"

run:
	$(PROVIDE) run
	@exec $(BIN)/python -m civic.runtime --end-with-parent

test:
	$(PROVIDE) test
	$(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder $(ARGS)

check:
	$(PROVIDE) run
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m civic.runtime exec -- $(MAKE) --no-print-directory check-django

# Within throw-away servers: Django's own checks, and types, since the type checker reads the settings.
.PHONY: check-django
check-django:
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --deploy --fail-level WARNING

bench:
	$(PROVIDE) run
	$(BIN)/python -m tests.bench

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--all-extras --output-file requirements.lock pyproject.toml
