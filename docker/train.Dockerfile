# Training on a GPU, and the nodes of a Ray cluster. CUDA, cuDNN and NCCL are the packages that
# TensorFlow asks for by itself; of the host, only NVIDIA's driver (525 or later) is used.
#
#   docker build --file docker/train.Dockerfile --tag seq2seq-train:0.1.0 .
#   docker run --rm --gpus all --volume seq2seq-runs:/work/runs seq2seq-train:0.1.0 train runs=/work/runs

FROM python:3.12.12-slim-bookworm AS build
RUN python -m venv /opt/seq2seq
ENV PATH=/opt/seq2seq/bin:$PATH
WORKDIR /build
COPY pyproject.toml README.md LICENSE constraints.txt ./
COPY conf conf
COPY data/phrasebook data/phrasebook
COPY data/travel_messages data/travel_messages
COPY seq2seq seq2seq
RUN python -m pip install --no-cache-dir --constraint constraints.txt '.[gpu,tune,s3,gcs]'

FROM python:3.12.12-slim-bookworm
# KubeRay's probes of a node call wget.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends wget \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/seq2seq /opt/seq2seq
RUN groupadd --gid 10001 seq2seq \
    && useradd --uid 10001 --gid 10001 --create-home seq2seq \
    && mkdir -p /work/runs /work/cache \
    && chown -R 10001:10001 /work
# `utility` brings nvidia-smi, which `batching.max_tokens=auto` reads the GPU's memory from.
ENV PATH=/opt/seq2seq/bin:$PATH \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility \
    PYTHONDONTWRITEBYTECODE=1 \
    RAY_USAGE_STATS_ENABLED=0 \
    TF_FORCE_GPU_ALLOW_GROWTH=true
USER 10001:10001
WORKDIR /home/seq2seq
# What healthy means depends on the command: compose.yaml asks each service its own question.
HEALTHCHECK NONE
ENTRYPOINT ["seq2seq"]
