//! Everything that a route can refuse, and which routes can.

use serde_json::{Value, json};

/// A problem that the gateway itself answers with.
struct Known {
	status: u16,
	/// Of the type `urn:hanse:gateway:NAME`.
	name: &'static str,
	title: &'static str,
	detail: &'static str,
}

const fn known(status: u16, name: &'static str, title: &'static str, detail: &'static str) -> Known {
	Known { status, name, title, detail }
}

const NOT_WHAT_WAS_ASKED: &str = "The transaction is not what was asked for, and was not sent";

/// All of them; the test of this file looks for others in the sources.
const KNOWN: &[Known] = &[
	known(
		400,
		"malformed",
		"The request cannot be read",
		"The body is no JSON: EOF while parsing an object at line 1 column 12.",
	),
	known(
		401,
		"unauthorized",
		"Nobody that the gateway knows",
		"Send an access key: `Authorization: Bearer hanse_…`.",
	),
	known(
		403,
		"role-too-small",
		"The key may not do this",
		"It needs a key with the role issuer or till; this one has reader.",
	),
	known(
		403,
		"not-issuer",
		"Another institution's program",
		"Program 2 is institution 3's. Only the issuer issues.",
	),
	known(
		403,
		"no-delegate",
		"The institution's key is not here",
		"this gateway has no key treasury of institution 1. Make one with hanse-gateway init",
	),
	known(
		403,
		"no-delegation",
		"The institution gave this account no role",
		"5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY is no delegate of institution 2. Its administrator adds it: `scripts/member delegate add Cashier 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY`.",
	),
	known(
		404,
		"not-found",
		"There is no such thing",
		"There is no customer C-1009 of this institution. Register it first.",
	),
	known(
		409,
		"idempotency-key-reused",
		"It contradicts what was asked before",
		"This Idempotency-Key was used with another request. Make up a new one for each request, and keep it only for its repetitions.",
	),
	known(
		409,
		"too-many-endpoints",
		"It contradicts what was asked before",
		"there are 50 webhook endpoints, and no institution may have more: delete one.",
	),
	known(
		409,
		"order-reused",
		"It contradicts what was asked before",
		"Order B-77 was to be paid with 1250000 micro-units, and now with 1300000. Use another order number for another price.",
	),
	known(
		409,
		"reference-taken",
		"It contradicts what was asked before",
		"C-1009 is 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY already. Unregister that account first, or recover it to this one.",
	),
	known(
		409,
		"another-till",
		"It contradicts what was asked before",
		"Order B-77 is another till's. A key without a till may do it.",
	),
	known(
		409,
		"shown-before",
		"It contradicts what was asked before",
		"This secret was made and shown before. If it is lost, make another one with a new Idempotency-Key.",
	),
	known(
		413,
		"too-large",
		"The body is too large",
		"A body has at most 4 MiB, and a list at most 5,000 lines. Send it in parts.",
	),
	known(
		415,
		"unsupported-media-type",
		"Another kind of body",
		"Send the body with the header Content-Type: application/json.",
	),
	known(422, "invalid", "The request is not valid", "/points: is missing."),
	known(
		422,
		"not-a-transaction",
		NOT_WHAT_WAS_ASKED,
		"The bytes are no signed transaction. Have the wallet sign the payment request anew.",
	),
	known(
		422,
		"another-call",
		NOT_WHAT_WAS_ASKED,
		"It is neither a payment nor an authorisation. Show the customer the payment request again.",
	),
	known(422, "another-merchant", NOT_WHAT_WAS_ASKED, "It pays institution 2, and this is 1."),
	known(
		422,
		"another-order",
		NOT_WHAT_WAS_ASKED,
		"It pays another order. Show the customer the payment request of this one.",
	),
	known(422, "another-price", NOT_WHAT_WAS_ASKED, "It pays 1200000 micro-units, and the price is 1250000."),
	known(
		422,
		"immortal",
		NOT_WHAT_WAS_ASKED,
		"It would be good for ever. Have the wallet sign it with a mortal era.",
	),
	known(
		422,
		"too-long-lived",
		NOT_WHAT_WAS_ASKED,
		"It would be good until block 9000; 256 blocks are the most. Have it signed with a shorter era.",
	),
	known(
		422,
		"dead",
		NOT_WHAT_WAS_ASKED,
		"It can be in no block any more. Have the wallet sign the payment request anew.",
	),
	known(
		429,
		"too-many-requests",
		"Too many requests",
		"More requests than this key or address may make. Wait 1 s; many things go in one request.",
	),
	known(
		500,
		"internal",
		"The gateway failed",
		"It is the gateway's fault. Repeat the request with the same Idempotency-Key, and tell its operator the X-Request-Id.",
	),
	known(
		503,
		"unavailable",
		"Not for now",
		"The node does not answer. Nothing was changed; repeat the request.",
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

/// `#/components/responses`: one for each status, with an example of each type of problem.
pub fn responses() -> Value {
	let mut responses = json!({});
	for known in KNOWN {
		let response = &mut responses[name(known.status)];
		response["description"] = description(known.status).into();
		if let 429 | 500 | 503 = known.status {
			response["headers"]["Retry-After"] = json!({
				"description": "Seconds to wait",
				"required": true,
				"schema": { "type": "integer", "minimum": 1 },
			});
		}
		let content = &mut response["content"]["application/problem+json"];
		content["schema"] = json!({ "$ref": "#/components/schemas/Problem" });
		content["examples"][known.name] = json!({ "value": known.example() });
	}
	responses
}

fn name(status: u16) -> String {
	format!("Problem{status}")
}

impl Known {
	fn example(&self) -> Value {
		let mut example = json!({
			"type": format!("urn:hanse:gateway:{}", self.name),
			"title": self.title,
			"status": self.status,
			"detail": self.detail,
			"retryable": matches!(self.status, 429 | 500 | 503),
		});
		if self.name == "invalid" {
			example["errors"] = json!([{ "pointer": "/points", "detail": "is missing." }]);
		}
		example
	}
}

/// Routes that look something up which their path does not name.
const LOOK_UP: [&str; 5] =
	["/v1/awards", "/v1/customers", "/v1/sign-in", "/v1/statements/positions", "/v1/statements/liability"];

/// Says what a route can refuse, which follows from what it takes.
pub fn add(path: &str, operation: &mut Value) {
	let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
	let takes = |place: &str| parameters.iter().any(|parameter| parameter["in"] == place);
	let has_key = parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key");
	let has_body = operation["requestBody"].is_object();
	let is_secured = operation["security"].is_array();
	// Several may have paid the order, of whom none is named.
	let is_void = path.ends_with("/void");
	let refused = [
		(400, takes("query") || takes("header") || has_body),
		// A wrong key is refused everywhere.
		(401, true),
		(403, is_secured || path == "/v1/sign-in"),
		(404, takes("path") || LOOK_UP.contains(&path)),
		(409, has_key),
		(413, has_key || has_body),
		(415, has_body),
		(422, has_body || takes("query") || is_void),
		(429, true),
		(500, true),
		(503, true),
	];
	for (status, _) in refused.into_iter().filter(|(_, can)| *can) {
		let reference = format!("#/components/responses/{}", name(status));
		operation["responses"][status.to_string()] = json!({ "$ref": reference });
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::{collections::BTreeSet, fs, path::Path};

	fn sources(folder: &Path, found: &mut String) {
		for entry in fs::read_dir(folder).unwrap() {
			let path = entry.unwrap().path();
			match path.is_dir() {
				true => sources(&path, found),
				false => found.push_str(&fs::read_to_string(&path).unwrap()),
			}
		}
	}

	/// The first text after each of `starts`, as rustfmt writes it.
	fn named<'a>(sources: &'a str, start: &str) -> BTreeSet<&'a str> {
		sources
			.split(start)
			.skip(1)
			.filter_map(|rest| {
				let text = rest.split_once('"')?;
				let before = text.0.trim();
				(before.is_empty() || before.starts_with("StatusCode::") || before == "Self::new(")
					.then(|| text.1.split('"').next())?
			})
			.filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'))
			.collect()
	}

	#[test]
	fn every_problem_of_the_sources_is_known() {
		let mut text = String::new();
		sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api"), &mut text);
		let mut found = BTreeSet::new();
		for start in ["Refusal::new(", "Self::new(", "conflict(", "wrong("] {
			found.extend(named(&text, start));
		}
		// What is no route answers that too; a route has its methods.
		found.remove("method-not-allowed");
		let known: BTreeSet<_> = KNOWN.iter().map(|known| known.name).collect();
		assert_eq!(found, known);
	}
}
