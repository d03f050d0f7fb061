//! The document says what the routes do; see `tests/api.rs` for the routes themselves.

use super::document;
use serde_json::Value;
use std::collections::HashSet;

/// Path, method and what the document says of it.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
	let mut found = Vec::new();
	for (path, methods) in document["paths"].as_object().unwrap() {
		for (method, operation) in methods.as_object().unwrap() {
			if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
				found.push((path.clone(), method.clone(), operation.clone()));
			}
		}
	}
	found
}

#[test]
fn every_refusal_is_described_with_an_example() {
	let document = document();
	for (path, method, operation) in operations(&document) {
		let mut refusals = 0;
		for (status, response) in operation["responses"].as_object().unwrap() {
			let Some(reference) = response["$ref"].as_str() else { continue };
			let response = document.pointer(reference.trim_start_matches('#')).unwrap();
			let problem = &response["content"]["application/problem+json"];
			assert_eq!(problem["schema"]["$ref"], "#/components/schemas/Problem", "{method} {path}");
			for (_, example) in problem["examples"].as_object().unwrap() {
				assert_eq!(example["value"]["status"].to_string(), *status, "{method} {path}");
			}
			refusals += 1;
		}
		assert!(refusals >= 4, "{method} {path} can refuse {refusals}");
	}
}

#[test]
fn what_is_posted_carries_an_idempotency_key() {
	for (path, method, operation) in operations(&document()) {
		let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
		let key = parameters.iter().any(|one| one["name"] == "Idempotency-Key" && one["required"] == true);
		assert_eq!(key, operation["security"].is_array() && method == "post" || key, "{method} {path}");
	}
}

#[test]
fn every_route_has_a_name_of_its_own_and_says_what_it_is() {
	let mut names = HashSet::new();
	for (path, method, operation) in operations(&document()) {
		let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
		assert!(!name.is_empty() && names.insert(name.clone()), "{method} {path} is called {name}");
		assert!(!operation.as_object().unwrap().values().any(Value::is_null), "{method} {path} has a null");
		assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 8), "{method} {path}");
		assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{method} {path}");
	}
}

/// Clients are generated from it, in other languages.
#[test]
fn the_document_that_is_checked_in_is_this_one() {
	let checked_in: Value =
		serde_json::from_str(include_str!("../../../../clients/sdk/openapi.json")).unwrap();
	assert!(
		checked_in == document(),
		"it is another one: scripts/gateway openapi >clients/sdk/openapi.json, and npm run check"
	);
}

#[test]
fn every_reference_leads_somewhere() {
	fn references(value: &Value, found: &mut HashSet<String>) {
		match value {
			Value::Object(map) => {
				if let Some(Value::String(reference)) = map.get("$ref") {
					found.insert(reference.clone());
				}
				map.values().for_each(|value| references(value, found));
			},
			Value::Array(items) => items.iter().for_each(|value| references(value, found)),
			_ => {},
		}
	}
	let (document, mut found) = (document(), HashSet::new());
	references(&document, &mut found);
	for reference in found {
		let pointer = reference.trim_start_matches('#');
		assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
	}
}
