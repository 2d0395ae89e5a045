#!/bin/sh
# Five builds of the Rust extension raced against each other: what link-time optimisation, codegen units and the
# host's own instruction set are worth. From the repository's root, after `make setup`; arguments go to the race.
# The builds are made once (a minute or two each on two cores); a repetition only races.
set -eu
exec .venv/bin/paceline race \
    --across env:CARGO_PROFILE_RELEASE_LTO=false,fat,fat,fat,false \
    --across env:CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16,16,1,1,16 \
    --across env:PACELINE_TARGET_CPU=x86-64,x86-64,x86-64,native,native \
    --only "^hydrology\.(GR6J|HBVLight)\.time_run\(implementation='rust_(pyo3|tuned)', n=3650\)" \
    --only "^hydrology\.GR6JCemaNeige\.time_run\(implementation='rust_pyo3', n=3650, snow='hysteresis'\)" \
    --only "^arrays\.activation\.Sigmoid\.time_run\(implementation='rust_(pyo3|naive)', n=100000, memory='out'\)" \
    --only "^arrays\.reduce\.Var\.time_run\(implementation='rust_pyo3', n=100000, data='normal'\)" \
    --only "^ode\.SeedCompiled\.time_run\(implementation='rust_pyo3', problem='vdp_mu1-DOP853'\)" \
    --only "^monty\.MinimalSeedSteps\.time_run\(implementation='rust_pyo3', row='100x10'\)" \
    "$@"
