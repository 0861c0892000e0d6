//! What the listening side of the service does with clients that are slow, many, or still there when it ends; and TLS.

mod ending;
mod full;
mod slow;
mod support;
mod tls;
