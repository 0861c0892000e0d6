//! Explanations for people and machines, beyond what fits on a card.

mod json;
mod schema;
mod text;

pub use json::json;
pub use schema::schemas;
pub use text::text;
