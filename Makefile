# The house's few verbs. `make run` and `make test` install what is missing first.
# Everything is relative: a checkout works from any path.

PYTHON ?= python3.11
BIN := .venv/bin
STAMP := .venv/.alveole-stamp
TOUR ?= tour

# Tests and tours draw without a display and without a graphics card.
OFFSCREEN := QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software QSG_RHI_BACKEND=software

.PHONY: run test tour venv system lock fmt bench i18n docs

run: venv
	@bash deploy/run.sh

test: venv
	@$(OFFSCREEN) $(BIN)/python -m tests.gates

tour: venv
	@$(OFFSCREEN) $(BIN)/alveole tour --out "$(TOUR)"

bench: venv
	@$(BIN)/alveole bench

venv: system $(STAMP)

system:
	@bash deploy/apt.sh

$(STAMP): requirements.lock pyproject.toml | system
	@bash deploy/venv.sh "$(PYTHON)" "$(STAMP)"

lock:
	@bash deploy/lock.sh "$(PYTHON)"

fmt: venv
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .
	@find ui/qml -name '*.qml' -exec $(BIN)/pyside6-qmlformat -i {} +

docs: venv
	@$(BIN)/alveole services --doc --territory orne > docs/services.md.new
	@mv docs/services.md.new docs/services.md

i18n: venv
	@$(BIN)/python -m tests.arch.i18n
