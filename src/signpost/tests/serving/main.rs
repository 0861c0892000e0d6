//! What the listening side of the service does with clients that are slow, many, or still there when it ends; and TLS.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails loudly")]
#![allow(missing_docs, reason = "a test has no public items")]

mod ending;
mod full;
mod slow;
mod support;
mod tls;
