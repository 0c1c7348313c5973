# Translation on a CPU: text in on standard input, its translation out, no TensorFlow.
#
#   docker build --file docker/translate.Dockerfile --tag seq2seq-translate:0.1.0 .
#   docker run --rm --interactive --volume "$PWD/runs/mine/export:/model:ro" seq2seq-translate:0.1.0 < text.en

FROM python:3.11.14-slim-bookworm AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE constraints.txt ./
COPY conf conf
COPY data/phrasebook data/phrasebook
COPY data/travel_messages data/travel_messages
COPY seq2seq seq2seq
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir wheels .

FROM python:3.11.14-slim-bookworm
COPY --from=build /build/wheels /build/constraints.txt /opt/seq2seq/
RUN python -m pip install --no-cache-dir --constraint /opt/seq2seq/constraints.txt /opt/seq2seq/*.whl
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin seq2seq
ENV PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /tmp
# What is mounted at /model can be read as a model.
HEALTHCHECK --interval=60s --timeout=20s CMD ["seq2seq", "inspect", "--json", "/model"]
ENTRYPOINT ["seq2seq", "translate", "--model", "/model"]
