//! Whether a value is what a schema of the document says: as much of JSON Schema as the document uses.

use serde_json::Value;

/// What is wrong with `value`; nothing if it fits.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
	let mut faults = Vec::new();
	check(document, schema, value, "", &mut faults);
	faults
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
	if let Some(reference) = schema["$ref"].as_str() {
		let target = document.pointer(reference.trim_start_matches('#')).expect("it leads somewhere");
		return check(document, target, value, at, faults);
	}
	for part in schema["allOf"].as_array().into_iter().flatten() {
		check(document, part, value, at, faults);
	}
	for kind in ["oneOf", "anyOf"] {
		let Some(choices) = schema[kind].as_array() else { continue };
		let fitting =
			choices.iter().filter(|choice| self::faults(document, choice, value).is_empty()).count();
		if fitting == 0 || kind == "oneOf" && fitting > 1 {
			faults.push(format!("{at}: {fitting} of {kind} fit {value}"));
		}
	}
	if !is_of_type(&schema["type"], value) {
		let value: String = value.to_string().chars().take(100).collect();
		return faults.push(format!("{at}: {value} is not of type {}", schema["type"]));
	}
	if let Some(values) = schema["enum"].as_array()
		&& !values.contains(value)
	{
		faults.push(format!("{at}: {value} is none of {values:?}"));
	}
	if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
		for (place, value) in values.iter().enumerate() {
			check(document, items, value, &format!("{at}/{place}"), faults);
		}
	}
	check_fields(document, schema, value, at, faults);
}

fn check_fields(document: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
	let (Some(properties), Some(fields)) = (schema["properties"].as_object(), value.as_object()) else {
		return;
	};
	for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
		if !fields.contains_key(name) {
			faults.push(format!("{at}/{name} is missing"));
		}
	}
	for (name, value) in fields {
		match properties.get(name) {
			Some(schema) => check(document, schema, value, &format!("{at}/{name}"), faults),
			// What is not described is not promised, and nobody would find it.
			None => faults.push(format!("{at}/{name} is not described")),
		}
	}
}

fn is_of_type(kind: &Value, value: &Value) -> bool {
	match kind {
		Value::Array(kinds) => kinds.iter().any(|kind| is_of_type(kind, value)),
		Value::String(kind) => match kind.as_str() {
			"null" => value.is_null(),
			"boolean" => value.is_boolean(),
			"integer" => value.is_i64() || value.is_u64(),
			"number" => value.is_number(),
			"string" => value.is_string(),
			"array" => value.is_array(),
			"object" => value.is_object(),
			_ => false,
		},
		_ => true,
	}
}
