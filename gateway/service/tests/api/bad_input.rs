//! What is wrong is refused by a sentence, and changes nothing: each row of the design's table.

use crate::{
	shop::{Shop, delegate},
	wallet::order,
};
use hanse::runtime_types::{bounded_collections::bounded_vec::BoundedVec, hanse_primitives::Order};
use hanse_chain::{AccountId, hanse};
use hanse_gateway::model::Delegation;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use subxt::utils::{H256, MultiAddress};
use subxt_signer::sr25519::dev;

/// Everything that a refused request could have changed.
#[derive(Debug, PartialEq)]
struct State {
	operations: Vec<Value>,
	customers: Value,
	webhooks: Value,
	nonces: Vec<u64>,
}

impl State {
	async fn of(shop: &Shop) -> Self {
		let list = shop.get("/v1/operations?limit=500", Some("reader")).await.1;
		assert!(list["next"].is_null(), "more operations than one page has");
		let operations = list["items"].as_array().unwrap();
		let mut nonces = Vec::new();
		for key in Delegation::ALL.map(delegate).iter().chain([&dev::ferdie()]) {
			nonces.push(shop.node.next_nonce(AccountId(key.public_key().0)).await.unwrap());
		}
		Self {
			operations: operations.iter().map(|one| one["id"].clone()).collect(),
			customers: shop.get("/v1/customers", Some("registrar")).await.1,
			webhooks: shop.get("/v1/webhooks", Some("admin")).await.1,
			nonces,
		}
	}
}

/// A request, and what is to be wrong with it.
struct Row {
	path: &'static str,
	role: &'static str,
	body: String,
	status: u16,
	kind: &'static str,
	/// In the place of the first fault, or else in the sentence.
	says: &'static str,
}

/// After the examples: program 1 and customer C-1009 are there, and order B-77 is paid.
pub async fn run(shop: &Shop) {
	let before = State::of(shop).await;
	let mut rows = bodies(shop);
	rows.extend(unknown(shop));
	rows.extend(relayed(shop).await);
	for row in &rows {
		let key = shop.keys[row.role].as_str();
		let method = match row.path {
			path if path.starts_with("/v1/lines") => Method::PUT,
			path if path.starts_with("/v1/programs/") => Method::PATCH,
			_ => Method::POST,
		};
		let answer = shop.send(method, row.path, Some(key), &row.body).await;
		let (status, problem) = (answer.status().as_u16(), answer.json::<Value>().await.unwrap());
		let at = format!("{} {}: {problem}", row.path, row.body);
		assert_eq!(status, row.status, "{at}");
		assert_eq!(problem["type"], format!("urn:hanse:gateway:{}", row.kind), "{at}");
		let pointer = problem["errors"][0]["pointer"].as_str();
		let said = pointer.unwrap_or(problem["detail"].as_str().unwrap());
		assert!(said.contains(row.says), "{at}");
	}
	let others = nobody(shop).await + without_key(shop).await + contradictions(shop).await;
	assert_eq!(State::of(shop).await, before, "what was refused has changed something");
	println!("{} requests that are wrong were refused, and nothing changed", rows.len() + others);
	refused_by_the_chain(shop).await;
}

fn row(path: &'static str, role: &'static str, body: Value, kind: &'static str, says: &'static str) -> Row {
	Row { path, role, body: body.to_string(), status: 422, kind, says }
}

/// Not JSON, unknown and missing fields, amounts that are none.
fn bodies(shop: &Shop) -> Vec<Row> {
	let to = shop.customer();
	let award = |field: &str, value: Value| {
		let mut body = json!({ "program": 1, "order": "bad", "to": to, "points": "1" });
		body[field] = value;
		row("/v1/awards", "issuer", body, "invalid", "/")
	};
	let mut rows: Vec<Row> = ["0", "-1", "+1", "01", "1.5", "1e3", "", " 1", "9223372036854775808", "0x10"]
		.into_iter()
		.map(|points| award("points", json!(points)))
		.chain(
			[json!(1), json!(1.5), json!(null), json!(["1"]), json!({})]
				.map(|points| award("points", points)),
		)
		.map(|row| Row { says: "/points", ..row })
		.collect();
	for (field, value, says) in [
		("colour", json!("red"), "/colour"),
		("to", json!("me"), "/to"),
		("program", json!(-1), "/program"),
		("program", json!(70_000), "/program"),
		("program", json!("1"), "/program"),
		("order", json!(""), "/order"),
		("order", json!("a\nb"), "/order"),
		("order", json!("x".repeat(129)), "/order"),
	] {
		rows.push(Row { says, ..award(field, value) });
	}
	let slip = json!({ "payer": to, "order": "bad", "era": 1, "price": "1", "legs": [], "until": 1, "signature": format!("0x{}", "00".repeat(64)) });
	let terms =
		json!({ "decimals": 2, "face_value": 100, "period": { "weeks": 1 }, "validity": 1, "pending": 0 });
	rows.extend([
		row("/v1/awards", "issuer", json!({ "program": 1, "order": "bad", "to": to }), "invalid", "/points"),
		row("/v1/awards", "issuer", json!({ "program": 1, "order": "bad", "points": "1" }), "invalid", ""),
		row("/v1/awards", "issuer", json!([]), "invalid", ""),
		row("/v1/awards", "issuer", json!("award"), "invalid", ""),
		row("/v1/payment-requests", "till", json!({ "order": "bad", "price": "0" }), "invalid", "/price"),
		row(
			"/v1/payment-requests",
			"till",
			json!({ "order": "bad", "price": "1", "seconds": 0 }),
			"invalid",
			"/seconds",
		),
		row(
			"/v1/payment-requests",
			"till",
			json!({ "order": "bad", "price": "1", "seconds": 3601 }),
			"invalid",
			"/seconds",
		),
		row("/v1/payments/slips", "till", slip, "invalid", "/legs"),
		row("/v1/payments/slips", "till", json!({}), "invalid", "/payer"),
		row("/v1/payments/B-77/refunds", "till", json!({ "total": 5 }), "invalid", "/total"),
		row("/v1/authorisations/B-79/capture", "till", json!({ "value": "x" }), "invalid", "/value"),
		row("/v1/lines/2", "treasurer", json!({ "limit": "-1" }), "invalid", "/limit"),
		row("/v1/reserve/top-up", "treasurer", json!({ "amount": "0" }), "invalid", "/amount"),
		row(
			"/v1/programs",
			"issuer",
			json!({ "name": "", "symbol": "X", "terms": terms }),
			"invalid",
			"/name",
		),
		row("/v1/programs/1", "issuer", terms.clone(), "invalid", "/period"),
		row(
			"/v1/customers/consents",
			"registrar",
			json!({ "reference": "C-2", "account": "x", "person": "p" }),
			"invalid",
			"/account",
		),
		row(
			"/v1/customers",
			"registrar",
			json!({ "reference": "C-2", "account": to, "signature": "0x00" }),
			"invalid",
			"/signature",
		),
		row(
			"/v1/complaints/answers",
			"delegate",
			json!({ "up_to": -1, "document": "0x00" }),
			"invalid",
			"/up_to",
		),
		row("/v1/webhooks", "admin", json!({ "url": "no address" }), "invalid", "/url"),
		row(
			"/v1/webhooks",
			"admin",
			json!({ "url": "https://shop.example", "types": ["sale.*"] }),
			"invalid",
			"/types",
		),
	]);
	for body in ["", "{", "[1", "nonsense", "{\"program\": 1} x"] {
		rows.push(Row {
			body: body.into(),
			status: 400,
			..row("/v1/awards", "issuer", json!(0), "malformed", "no JSON")
		});
	}
	rows
}

/// Programs, customers and payments that are not there, and programs of others.
fn unknown(shop: &Shop) -> Vec<Row> {
	let award = json!({ "program": 999, "order": "bad", "to": shop.customer(), "points": "1" });
	let customer = json!({ "program": 1, "order": "bad", "customer": "nobody", "points": "1" });
	let register = json!({ "reference": "nobody", "account": shop.customer(), "signature": format!("0x{}", "00".repeat(64)) });
	[
		row("/v1/awards", "issuer", award, "not-found", "999"),
		row("/v1/awards", "issuer", customer, "not-found", "nobody"),
		row("/v1/customers", "registrar", register, "not-found", "consent"),
		row("/v1/payments/nothing/refunds", "till", json!({ "total": "1" }), "not-found", "nothing"),
		row("/v1/webhooks/nothing/replay", "admin", json!({ "from": 1 }), "not-found", "endpoint"),
	]
	.map(|row| Row { status: 404, ..row })
	.into()
}

/// Signed transactions that are not what the till asked for.
async fn relayed(shop: &Shop) -> Vec<Row> {
	let ferdie = dev::ferdie();
	let body = json!({ "order": "R-1", "price": "500000" });
	let request = shop.post("/v1/payment-requests", "till", &body).await.1;
	let pay = |merchant: u32, order: Order, price: u128| {
		hanse::tx().exchange().pay(merchant, order, price, BoundedVec(Vec::new()))
	};
	let transfer =
		hanse::tx().balances().transfer_keep_alive(MultiAddress::Id(dev::bob().public_key().0.into()), 1);
	let mut another = order(&request);
	another.commitment = H256([9; 32]);
	let transactions = [
		("another-merchant", shop.sign(&ferdie, &pay(2, order(&request), 500_000)).await),
		("another-order", shop.sign(&ferdie, &pay(1, another, 500_000)).await),
		("another-price", shop.sign(&ferdie, &pay(1, order(&request), 499_999)).await),
		("another-call", shop.sign(&ferdie, &transfer).await),
		("not-a-transaction", "0x010203".to_owned()),
	];
	transactions
		.into_iter()
		.map(|(kind, transaction)| {
			let body = json!({ "transaction": transaction, "order": "R-1", "price": "500000" });
			row("/v1/payments/relay", "till", body, kind, "")
		})
		.collect()
}

/// No key, a wrong one, and one of another role.
async fn nobody(shop: &Shop) -> usize {
	let body = json!({ "program": 1, "order": "bad", "to": shop.customer(), "points": "1" }).to_string();
	for key in [None, Some("hanse_wrong"), Some("Bearer")] {
		let answer = shop.send(Method::POST, "/v1/awards", key, &body).await;
		assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{key:?}");
		assert!(answer.headers().contains_key("www-authenticate"));
	}
	let others = ["registrar", "treasurer", "delegate", "reader", "analyst", "admin"];
	for role in others {
		let answer = shop.send(Method::POST, "/v1/awards", Some(&shop.keys[role]), &body).await;
		assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{role}");
		let problem: Value = answer.json().await.unwrap();
		let detail = problem["detail"].as_str().unwrap();
		assert!(detail.contains("issuer or till") && detail.contains(role), "{problem}");
	}
	3 + others.len()
}

/// No Idempotency-Key, none that can be, or a body of another kind.
async fn without_key(shop: &Shop) -> usize {
	let request = || shop.request(Method::POST, "/v1/awards", Some(&shop.keys["issuer"])).body("{}");
	let json = ("content-type", "application/json");
	for (request, status) in [
		(request().header(json.0, json.1), StatusCode::BAD_REQUEST),
		(request().header(json.0, json.1).header("idempotency-key", "a b"), StatusCode::BAD_REQUEST),
		(
			request().header(json.0, json.1).header("idempotency-key", "x".repeat(256)),
			StatusCode::BAD_REQUEST,
		),
		(
			request().header(json.0, "text/html").header("idempotency-key", "k"),
			StatusCode::UNSUPPORTED_MEDIA_TYPE,
		),
	] {
		assert_eq!(request.send().await.unwrap().status(), status);
	}
	let long = request().header(json.0, json.1).header("idempotency-key", "k").body(vec![b' '; 5 << 20]);
	let answer = long.send().await.unwrap();
	assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
	assert_eq!(
		answer.headers()["connection"],
		"close",
		"the next request would meet a connection that closes"
	);
	5
}

/// The same key or the same order, for something else.
async fn contradictions(shop: &Shop) -> usize {
	let award = |points: &str| json!({ "program": 1, "order": "A-2026-000471", "customer": "C-1009", "points": points });
	let (status, problem) = shop.post("/v1/awards", "issuer", &award("7")).await;
	assert_eq!(status, StatusCode::CONFLICT, "{problem}");
	let detail = problem["detail"].as_str().unwrap();
	assert!(detail.contains("1500000") && detail.contains('7'), "both amounts: {detail}");
	let (status, problem) =
		shop.post("/v1/payment-requests", "till", &json!({ "order": "B-77", "price": "9" })).await;
	assert_eq!(status, StatusCode::CONFLICT, "{problem}");
	let detail = problem["detail"].as_str().unwrap();
	assert!(detail.contains("1250000") && detail.contains('9'), "both amounts: {detail}");
	let key = uuid::Uuid::now_v7().to_string();
	// What is asked for again is over.
	for (body, expected) in [(award("1500000"), 200), (award("1500000"), 200), (award("8"), 409)] {
		let answer = shop.keyed("/v1/awards", "issuer", &key, &body.to_string(), "application/json").await;
		assert_eq!(answer.status().as_u16(), expected);
	}
	3
}

/// The chain's error with its advice, and nothing came of it.
async fn refused_by_the_chain(shop: &Shop) {
	let holdings = shop.get("/v1/customers/C-1009/holdings", Some("reader")).await.1;
	let award =
		json!({ "program": 1, "order": "too-much", "customer": "C-1009", "points": "9000000000000000000" });
	let operation = shop.post("/v1/awards", "issuer", &award).await.1;
	let failed = shop.finished(operation["id"].as_str().unwrap()).await;
	assert_eq!(failed["status"], "failed", "{failed}");
	assert!(failed["error"]["type"].as_str().unwrap().starts_with("urn:hanse:points."), "{failed}");
	assert!(failed["error"]["detail"].as_str().unwrap().len() > 20, "{failed}");
	assert!(failed["error"]["retryable"].is_boolean(), "{failed}");
	let after = shop.get("/v1/customers/C-1009/holdings", Some("reader")).await.1;
	assert_eq!(holdings, after, "what the chain refused has changed something");
}
