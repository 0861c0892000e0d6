//! What the workbench shows, as texts: made by pure functions, put in place by templates.

mod bars;
mod cards;
mod inputs;
mod markdown;
mod order;
mod timeline;
mod tree;

pub(super) use cards::{Action, ActionKind, Card, cards};
pub(super) use inputs::{Choice, Input, Typed, inputs};
pub(super) use order::{OrderView, order};
