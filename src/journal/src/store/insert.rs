//! Many rows in few statements, and those in few ways to the store and back.

use std::fmt::Write;

use sqlx::{AnyConnection, AssertSqlSafe, Executor};

/// Rows a statement: each number of rows is a statement of its own that stays prepared.
const MOST: usize = 32;

/// Inserts of rows of text, to be run in their order.
#[derive(Debug, Default)]
pub(super) struct Inserts<'v>(Vec<Insert<'v>>);

#[derive(Debug)]
struct Insert<'v> {
    /// Table and columns.
    into: &'static str,
    /// Columns.
    width: usize,
    values: Vec<Option<&'v str>>,
    /// What follows the values.
    then: &'static str,
}

impl<'v> Inserts<'v> {
    /// Adds rows; `into` is table and columns, `then` what follows the values.
    pub(super) fn add<const N: usize>(
        &mut self,
        into: &'static str,
        rows: &[[Option<&'v str>; N]],
        then: &'static str,
    ) {
        let few = rows.chunks(MOST);
        self.0.extend(few.map(|rows| Insert { into, width: N, values: rows.concat(), then }));
    }

    /// Runs each by itself, in the transaction that is open.
    pub(super) async fn run(&self, connection: &mut AnyConnection) -> sqlx::Result<()> {
        for insert in &self.0 {
            let mut sql = String::new();
            insert.write(0, &mut sql);
            execute(connection, sql, &insert.values).await?;
        }
        Ok(())
    }

    /// Runs all of them at once as a transaction of their own, which only SQLite can: every way to its thread and back
    /// costs more than a statement does. After an error the transaction may be open.
    pub(super) async fn commit(&self, begin: &str, connection: &mut AnyConnection) -> sqlx::Result<()> {
        let mut sql = format!("{begin};");
        let mut values = Vec::new();
        for insert in &self.0 {
            insert.write(values.len(), &mut sql);
            sql.push(';');
            values.extend_from_slice(&insert.values);
        }
        sql.push_str("COMMIT");
        execute(connection, sql, &values).await
    }
}

impl Insert<'_> {
    /// As SQL, its values numbered after those `before` it.
    fn write(&self, before: usize, sql: &mut String) {
        // Writing to a String cannot fail.
        let _ = write!(sql, "INSERT INTO {} VALUES ", self.into);
        for row in (0..self.values.len()).step_by(self.width) {
            sql.push_str(if row == 0 { "(" } else { ", (" });
            number(before + row, self.width, sql);
            sql.push(')');
        }
        let _ = write!(sql, " {}", self.then);
    }
}

async fn execute(connection: &mut AnyConnection, sql: String, values: &[Option<&str>]) -> sqlx::Result<()> {
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in values {
        query = query.bind(*value);
    }
    connection.execute(query).await.map(drop)
}

/// `$4, $5, $6`: placeholders that both stores know.
pub(crate) fn placeholders(before: usize, count: usize) -> String {
    let mut sql = String::new();
    number(before, count, &mut sql);
    sql
}

fn number(before: usize, count: usize, sql: &mut String) {
    for number in before + 1..=before + count {
        let comma = if number == before + 1 { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(sql, "{comma}${number}");
    }
}
