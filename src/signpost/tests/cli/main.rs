//! The command line, through the binary: what it prints, and the status it ends with.

#[cfg(test)]
mod clients;
#[cfg(test)]
#[path = "../../../journal/tests/journal/support/cluster.rs"]
#[allow(dead_code, reason = "the journal's own tests need more of it")]
mod cluster;
#[cfg(test)]
mod config;
#[cfg(test)]
mod content;
#[cfg(test)]
mod evaluate;
#[cfg(test)]
mod http2;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod patient_data;
#[cfg(test)]
mod serve;
#[cfg(test)]
mod signals;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod usage;
