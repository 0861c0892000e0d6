//! Stores to test on, and records to write.

pub mod child;
mod cluster;
mod proxy;
mod records;
mod store;

pub use cluster::Cluster;
pub use proxy::Proxy;
pub use records::{KEY, at, decision, decision_kept, patient, privacy};
pub use store::{Kind, Store, database, open, settings};

/// Runs each function on both stores, as two tests.
macro_rules! on_both {
    ($($(#[$attribute:meta])* $name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")] $(#[$attribute])* async fn $name() {
                super::$name($crate::support::Store::new($crate::support::Kind::Sqlite).await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")] $(#[$attribute])* async fn $name() {
                super::$name($crate::support::Store::new($crate::support::Kind::Postgres).await).await;
            })+
        }
    };
}
