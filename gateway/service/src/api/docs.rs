//! The OpenAPI document and its page.

use super::App;
use crate::model::{Fault, Problem};
use axum::{Json, Router, response::Html, routing::get};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};
use utoipa::{
	IntoResponses, Modify, OpenApi, ToSchema,
	openapi::{
		ContentBuilder, Ref, RefOr, Response, ResponseBuilder,
		security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
	},
};
use utoipa_scalar::Scalar;

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

/// What every route can refuse, with an example of each.
pub struct Problems;

/// Status, name, title, an example of what to do, whether it can do well later, and a place in the body.
type Example = (u16, &'static str, &'static str, &'static str, bool, Option<(&'static str, &'static str)>);

const EXAMPLES: &[Example] = &[
	(
		400,
		"malformed",
		"The request cannot be read",
		"The body is no JSON: EOF while parsing an object at line 1 column 12.",
		false,
		None,
	),
	(
		401,
		"unauthorized",
		"Nobody that the gateway knows",
		"Send an access key: `Authorization: Bearer hanse_…`.",
		false,
		None,
	),
	(
		403,
		"role-too-small",
		"The key may not do this",
		"It needs a key with the role issuer or till; this one has reader.",
		false,
		None,
	),
	(404, "not-found", "There is no such thing", "There is no customer C-1009 here.", false, None),
	(
		409,
		"idempotency-key-reused",
		"It contradicts what was asked before",
		"This Idempotency-Key was used with another request.",
		false,
		None,
	),
	(
		413,
		"too-large",
		"The body is too large",
		"A body has at most 4 MiB, and a list at most 5,000 lines.",
		false,
		None,
	),
	(
		415,
		"unsupported-media-type",
		"Another kind of body",
		"Send the body with the header Content-Type: application/json.",
		false,
		None,
	),
	(
		422,
		"invalid",
		"The request is not valid",
		"/points: is missing.",
		false,
		Some(("/points", "is missing.")),
	),
	(
		429,
		"too-many-requests",
		"Too many requests",
		"More requests than this key or address may make. Wait 1 s.",
		true,
		None,
	),
	(
		500,
		"internal",
		"The gateway failed",
		"It is the gateway's fault. Repeat the request with the same Idempotency-Key.",
		true,
		None,
	),
	(
		503,
		"unavailable",
		"Not for now",
		"The node does not answer. Nothing was changed; repeat the request.",
		true,
		None,
	),
];

fn description(status: u16) -> &'static str {
	match status {
		400 => "It cannot be read.",
		401 => "No access key, or a wrong one.",
		403 => "The key has another role.",
		404 => "There is no such thing.",
		409 => "It contradicts what was asked before.",
		413 => "The body is too large.",
		415 => "The body is of another kind.",
		422 => "It is not valid, or the chain would refuse it; each fault of a body is named with its place.",
		429 => "Too many requests; `Retry-After` says how long to wait.",
		503 => "Not for now; `Retry-After` says how long to wait.",
		_ => "The gateway failed.",
	}
}

impl IntoResponses for Problems {
	fn responses() -> BTreeMap<String, RefOr<Response>> {
		EXAMPLES
			.iter()
			.map(|(status, name, title, detail, retryable, fault)| {
				let mut example = json!({
					"type": format!("urn:hanse:gateway:{name}"),
					"title": title,
					"status": status,
					"detail": detail,
					"retryable": retryable,
				});
				if let Some((pointer, detail)) = fault {
					example["errors"] = json!([{ "pointer": pointer, "detail": detail }]);
				}
				let content = ContentBuilder::new()
					.schema(Some(Ref::from_schema_name(Problem::name())))
					.example(Some(example))
					.build();
				let response = ResponseBuilder::new()
					.description(description(*status))
					.content("application/problem+json", content)
					.build();
				(status.to_string(), RefOr::T(response))
			})
			.collect()
	}
}

/// Gives every operation a name of its own, after its method and path: `postAwardsByOrderCancel`.
pub fn name_operations(document: &mut utoipa::openapi::OpenApi) {
	for (path, item) in &mut document.paths.paths {
		let methods = [
			("get", &mut item.get),
			("post", &mut item.post),
			("put", &mut item.put),
			("patch", &mut item.patch),
			("delete", &mut item.delete),
		];
		for (method, operation) in methods {
			if let Some(operation) = operation {
				operation.operation_id = Some(operation_name(method, path));
			}
		}
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

/// Where the document and its page are.
pub fn routes(document: Arc<utoipa::openapi::OpenApi>) -> Router<App> {
	let page = Scalar::new((*document).clone()).to_html();
	Router::new()
		.route("/openapi.json", get(move || async move { Json((*document).clone()) }))
		.route("/docs", get(move || async move { Html(page) }))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn operations_are_named_after_what_they_are() {
		assert_eq!(operation_name("post", "/v1/awards/{order}/cancel"), "postAwardsByOrderCancel");
		assert_eq!(operation_name("get", "/v1/payment-requests/{id}"), "getPaymentRequestsById");
	}
}
