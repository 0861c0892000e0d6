//! Signpost: a CDS Hooks service that reads coverage policies and safety limits against the patient's record.
//!
//! The way of a request is one direction: [`hooks::HookRequest`] -> [`decision`] (orders, policies, record,
//! knowledge, evaluation) -> [`cards`]. Only [`http`] and the command line do I/O; only they know the clock.

pub mod answer;
pub mod cards;
pub mod cli;
pub mod config;
pub mod content;
pub mod decision;
pub mod demo_ehr;
pub mod ehr_access;
pub mod example;
pub mod feedback;
pub mod http;
pub mod operations;
pub mod pages;
pub mod payers;
pub mod recording;
pub mod refusal;
pub mod report;
pub mod serving;
pub mod tally;
pub mod telemetry;
pub mod trust;
