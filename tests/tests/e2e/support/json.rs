//! Finding one's way in JSON.

use serde_json::Value;

/// Text as JSON, numbers as they are written.
pub fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// The value at a JSON pointer.
pub fn at<'v>(value: &'v Value, pointer: &str) -> &'v Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// The JSON pointers of all nodes, parents first.
pub fn nodes(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, child)| (name.replace('~', "~0").replace('/', "~1"), child)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(n, child)| (n.to_string(), child)).collect(),
        _ => Vec::new(),
    };
    for (step, child) in children {
        found.extend(nodes(child).into_iter().map(|rest| format!("/{step}{rest}")));
    }
    found
}
