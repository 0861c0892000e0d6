//! Many rows in few statements.

use std::fmt::Write;

use sqlx::{AnyConnection, AssertSqlSafe, Executor};

/// Rows a statement: each statement is a way to the store and back, and each number of rows one that stays prepared.
const MOST: usize = 32;

/// Inserts rows of text; `into` is table and columns, `then` what follows the values.
pub(super) async fn insert<const N: usize>(
    connection: &mut AnyConnection,
    into: &str,
    rows: &[[Option<&str>; N]],
    then: &str,
) -> sqlx::Result<()> {
    for rows in rows.chunks(MOST) {
        let mut sql = format!("INSERT INTO {into} VALUES ");
        for row in 0..rows.len() {
            let comma = if row == 0 { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(sql, "{comma}({})", placeholders(row * N, N));
        }
        let _ = write!(sql, " {then}");
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in rows.iter().flatten() {
            query = query.bind(*value);
        }
        connection.execute(query).await?;
    }
    Ok(())
}

/// `$4, $5, $6`: placeholders that both stores know.
pub(crate) fn placeholders(before: usize, count: usize) -> String {
    let numbered: Vec<String> = (before + 1..=before + count).map(|number| format!("${number}")).collect();
    numbered.join(", ")
}
