//! What the end-to-end tests share. The tests are in `tests/`, the benchmarks in `benches/`.

pub mod strict;
