# make demo   set up, train the default on the embedded phrasebook, translate unseen sentences
# make test   set up, check style and types, run the tests
# make check  style and types alone
# make clean  remove what the others made (not the runs)
# make test-gpu  set up with TensorFlow's CUDA packages, run the tests that need a GPU

# Python keeps what it compiles, also where the variable is set: to compile the libraries again takes
# each process that trains longer than to load them.
export PYTHONDONTWRITEBYTECODE :=

VENV ?= .venv
BIN := $(VENV)/bin
# The first Python that TensorFlow has wheels for; PYTHON=... names another.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3 python; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	2>/dev/null && echo $$python && break; done)
# Made again only when what is to be installed has changed.
FOR_TRAINING := $(VENV)/.installed-train
FOR_TESTS := $(VENV)/.installed-dev
FOR_GPU_TESTS := $(VENV)/.installed-dev-gpu
DEV_AND_GPU := dev,gpu
UNSEEN := 57p;157p;257p;357p;457p

.PHONY: demo test test-gpu check clean

demo: $(FOR_TRAINING)
	$(BIN)/seq2seq train
	@echo
	@echo "Sentences that training has not seen:"
	@sed -n '$(UNSEEN)' data/phrasebook/test.en
	@echo
	@echo "Their translations:"
	@sed -n '$(UNSEEN)' data/phrasebook/test.en | $(BIN)/seq2seq translate --model runs/phrasebook/export

# Three processes on two cores: a test that starts or kills another process waits for a part of its time.
test: check
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

# One process: several would share the GPU's memory.
test-gpu: $(FOR_GPU_TESTS)
	$(BIN)/python -m pytest -m gpu

check: $(FOR_TESTS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(FOR_TRAINING): pyproject.toml constraints.txt
	$(call install,train)
	@touch $@

$(FOR_TESTS): pyproject.toml constraints.txt
	$(call install,dev)
	@touch $@ $(FOR_TRAINING)

$(FOR_GPU_TESTS): pyproject.toml constraints.txt
	$(call install,$(DEV_AND_GPU))
	@touch $@ $(FOR_TESTS) $(FOR_TRAINING)

# --no-compile: Python compiles a module when it is first imported, and most never are.
define install
@test -n "$(PYTHON)" || { echo "seq2seq needs Python 3.11, 3.12 or 3.13; set PYTHON=..." >&2; exit 1; }
@test -x $(BIN)/python || { echo "Making $(VENV) with $(PYTHON)"; $(PYTHON) -m venv $(VENV); }
@echo "Installing seq2seq-lstm[$(1)] with the versions of constraints.txt (TensorFlow is large)"
@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt --editable '.[$(1)]'
endef
