//! The OpenAPI document: what the routes say of themselves, with all that they can refuse and examples that were run.

mod examples;
mod page;
mod problems;

use super::App;
use crate::model::{Fault, Problem};
use axum::{
	Json, Router,
	http::{HeaderValue, header},
	response::{Html, IntoResponse},
	routing::get,
};
use serde_json::Value;
use std::sync::Arc;
use utoipa::{
	Modify, OpenApi,
	openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

#[derive(OpenApi)]
#[openapi(
	info(
		title = "Hanse gateway",
		description = "An institution's way into Hanse.\n\nWhat changes something answers 202 with an *operation* that happens once; `Location` says where it is asked for, and `Prefer: wait=5` waits up to 5 s for its end. Every POST carries an `Idempotency-Key`: sent again with the same body it is the same request (`Idempotency-Hit: true`). Amounts are whole decimal strings of smallest units. What is refused is a problem of RFC 9457."
	),
	components(schemas(Problem, Fault)),
	modifiers(&Key),
	tags(
		(name = "customers", description = "Who may spend: consent, registration, holdings, recovery."),
		(name = "programs", description = "Points and their terms."),
		(name = "awards", description = "Points for orders, each once."),
		(name = "payments", description = "Paying with points: requests, slips, relayed transactions, refunds, authorisations."),
		(name = "accounts", description = "Statements, positions, lines and the reserve."),
		(name = "conduct", description = "Complaints, disclosures and votes."),
		(name = "alliance", description = "What everybody may know."),
		(name = "operations", description = "What became of it."),
		(name = "webhooks", description = "Being told."),
		(name = "analysis", description = "Final blocks as lines of JSON."),
		(name = "access", description = "Signing in."),
		(name = "service", description = "The gateway itself."),
	)
)]
pub struct Document;

struct Key;

impl Modify for Key {
	fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
		let scheme = HttpBuilder::new()
			.scheme(HttpAuthScheme::Bearer)
			.description(Some(
				"An access key: `Authorization: Bearer hanse_…`. `hanse-gateway access create` makes one.",
			))
			.build();
		let components = openapi.components.get_or_insert_with(Default::default);
		components.add_security_scheme("key", SecurityScheme::Http(scheme));
	}
}

/// The document of these routes, whole.
pub fn complete(routes: utoipa::openapi::OpenApi) -> Value {
	// What utoipa makes can always be written as JSON; the tests look at it.
	let mut document = serde_json::to_value(&routes).unwrap_or_default();
	for (path, methods) in document["paths"].as_object_mut().into_iter().flatten() {
		for (method, operation) in methods.as_object_mut().into_iter().flatten() {
			operation["operationId"] = operation_name(method, path).into();
			problems::add(path, operation);
		}
	}
	document["components"]["responses"] = problems::responses();
	unsigned(&mut document);
	examples::add(&mut document);
	document
}

/// Whole numbers that are never negative go up to 2³² − 1; the formats of OpenAPI have signed ones only.
fn unsigned(schema: &mut Value) {
	match schema {
		Value::Object(fields) => {
			if fields.get("format").is_some_and(|format| format == "int32") && fields.contains_key("minimum")
			{
				fields.remove("format");
				fields.entry("maximum").or_insert(u32::MAX.into());
			}
			fields.values_mut().for_each(unsigned);
		},
		Value::Array(items) => items.iter_mut().for_each(unsigned),
		_ => {},
	}
}

fn operation_name(method: &str, path: &str) -> String {
	let mut name = method.to_owned();
	for part in path.split('/').filter(|part| !part.is_empty() && *part != "v1") {
		let words = match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
			Some(parameter) => format!("by-{parameter}"),
			None => part.to_owned(),
		};
		for word in words.split(['-', '_']) {
			let mut letters = word.chars();
			name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
			name.extend(letters);
		}
	}
	name
}

/// The page needs nothing but itself: no script, no font, no other host.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Where the document and its page are.
pub fn routes(document: Arc<Value>) -> Router<App> {
	let page = page::render(&document);
	let policy = [(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))];
	Router::new()
		.route("/openapi.json", get(move || async move { Json(Value::clone(&document)) }))
		.route("/docs", get(move || async move { (policy, Html(page)).into_response() }))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn whole_numbers_have_the_bounds_that_they_have() {
		let number = |schema: Value| {
			let mut schema = schema;
			unsigned(&mut schema);
			schema
		};
		let own = serde_json::json!({ "format": "int32", "minimum": 1, "maximum": 500 });
		assert_eq!(number(own), serde_json::json!({ "minimum": 1, "maximum": 500 }));
		let none = serde_json::json!([{ "format": "int32", "minimum": 0 }]);
		assert_eq!(number(none), serde_json::json!([{ "minimum": 0, "maximum": 4_294_967_295_u64 }]));
		let large = serde_json::json!({ "format": "int64", "minimum": 0 });
		assert_eq!(number(large.clone()), large);
	}

	#[test]
	fn operations_are_named_after_what_they_are() {
		assert_eq!(operation_name("post", "/v1/awards/{order}/cancel"), "postAwardsByOrderCancel");
		assert_eq!(operation_name("get", "/v1/payment-requests/{id}"), "getPaymentRequestsById");
	}
}
