//! Many rows in few statements.

use sqlx::{AnyConnection, AssertSqlSafe, Executor};

/// Rows a statement, largest first: few sizes, so that the statements stay prepared.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// Inserts rows of text; `into` is table and columns, `then` what follows the values.
pub(super) async fn insert<const N: usize>(
    connection: &mut AnyConnection,
    into: &str,
    rows: &[[Option<&str>; N]],
    then: &str,
) -> sqlx::Result<()> {
    let mut rest = rows;
    for size in SIZES {
        while let Some((rows, after)) = rest.split_at_checked(size) {
            let values: Vec<String> =
                (0..size).map(|row| format!("({})", placeholders(row * N, N))).collect();
            let sql = format!("INSERT INTO {into} VALUES {} {then}", values.join(", "));
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for value in rows.iter().flatten() {
                query = query.bind(*value);
            }
            connection.execute(query).await?;
            rest = after;
        }
    }
    Ok(())
}

/// `$4, $5, $6`: placeholders that both stores know.
pub(crate) fn placeholders(before: usize, count: usize) -> String {
    let numbered: Vec<String> = (before + 1..=before + count).map(|number| format!("${number}")).collect();
    numbered.join(", ")
}
