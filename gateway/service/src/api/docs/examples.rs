//! Examples: requests that were made of a real gateway, and what it answered. `tests/api/examples.rs` makes them again.

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// In the order in which they can be made.
const EXAMPLES: &str = include_str!("examples.json");

/// One request and its answer.
#[derive(Debug, Deserialize)]
struct Example {
	/// The `operationId`.
	operation: String,
	/// What tells it from others of the same operation.
	name: String,
	/// Parameters by their names.
	#[serde(default)]
	parameters: Map<String, Value>,
	/// The body; a text is sent as it is.
	body: Option<Value>,
	#[serde(default = "json_media")]
	media: String,
	status: u16,
	answer: Option<Value>,
	#[serde(default = "json_media")]
	answer_media: String,
}

fn json_media() -> String {
	"application/json".into()
}

/// Puts each example where it belongs.
pub fn add(document: &mut Value) {
	// The tests read the file too.
	let examples: Vec<Example> = serde_json::from_str(EXAMPLES).unwrap_or_default();
	for (_, methods) in document["paths"].as_object_mut().into_iter().flatten() {
		for (_, operation) in methods.as_object_mut().into_iter().flatten() {
			let name = operation["operationId"].clone();
			for example in examples.iter().filter(|example| name == *example.operation) {
				example.put(operation);
			}
		}
	}
}

impl Example {
	fn put(&self, operation: &mut Value) {
		// An index would put a null where there are no parameters.
		let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
		for parameter in parameters.into_iter().flatten() {
			let Some(value) = parameter["name"].as_str().and_then(|name| self.parameters.get(name)) else {
				continue;
			};
			if let Some(parameter) = parameter.as_object_mut() {
				parameter.remove("example");
				let examples = parameter.entry("examples").or_insert_with(|| json!({}));
				examples[&self.name] = json!({ "value": value });
			}
		}
		if let Some(body) = &self.body {
			put(&mut operation["requestBody"]["content"][&self.media], &self.name, body);
		}
		if let Some(answer) = &self.answer {
			let response = &mut operation["responses"][self.status.to_string()];
			put(&mut response["content"][&self.answer_media], &self.name, answer);
		}
	}
}

fn put(content: &mut Value, name: &str, value: &Value) {
	if let Some(content) = content.as_object_mut() {
		content.remove("example");
		let examples = content.entry("examples").or_insert_with(|| json!({}));
		examples[name] = json!({ "value": value });
	}
}
