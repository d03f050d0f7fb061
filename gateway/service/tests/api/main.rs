//! The API over HTTP, with a real node behind it: build one, and run
//! `HANSE_BIN=…/hanse cargo test -p hanse-gateway --test api -- --ignored --nocapture`.

mod bad_input;
mod examples;
mod listen;
mod schema;
mod shop;
#[path = "../../src/store/testing.rs"]
#[allow(dead_code, reason = "unit tests use the rest")]
mod testing;
mod tills;
mod wallet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shop::Shop;
use subxt_signer::sr25519::dev;
use wallet::signed;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it takes a node"]
async fn a_shop_issues_is_paid_and_refunds() {
	let shop = Shop::open().await;
	each_route_answers_as_documented(&shop).await;
	examples::run(&shop).await;
	bad_input::run(&shop).await;
	tills::run(&shop).await;
	listen::run(&shop).await;
	journey(&shop).await;
}

/// Nobody, the wrong role, a body that is none: every answer is one that the document names.
async fn each_route_answers_as_documented(shop: &Shop) {
	let document: Value = shop.get("/openapi.json", None).await.1;
	let mut seen = 0;
	for (path, methods) in document["paths"].as_object().unwrap() {
		for (method, operation) in methods.as_object().unwrap() {
			let path = path
				.replace("{table}", "events.ndjson")
				.replace("{period}", "current")
				.replace("{address}", &shop.customer())
				.replace("{institution}", "1");
			let path = path
				.split('/')
				.map(|part| if part.starts_with('{') { "7" } else { part })
				.collect::<Vec<_>>()
				.join("/");
			let verb = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
			let secured = operation["security"].is_array();
			let mut tries = vec![(None, ""), (Some("hanse_wrong"), "")];
			for key in shop.keys.values() {
				if path != "/v1/sign-in" {
					tries.push((Some(key.as_str()), if method == "get" { "" } else { "{\"x\": 1" }));
				}
			}
			for (key, body) in tries {
				let answer = shop.send(verb.clone(), &path, key, body).await;
				let status = answer.status();
				assert!(
					!operation["responses"][status.as_str()].is_null(),
					"{method} {path} answers {status}, which the document does not name"
				);
				if key == Some("hanse_wrong") || secured && key.is_none() {
					assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
				}
				assert!(answer.headers().contains_key("x-request-id"));
				if status.is_client_error() || status.is_server_error() {
					assert_eq!(
						answer.headers()["content-type"],
						"application/problem+json",
						"{method} {path}"
					);
					let problem: Value = answer.json().await.unwrap();
					assert_eq!(problem["status"], status.as_u16(), "{problem}");
					assert!(problem["detail"].as_str().unwrap().len() > 10, "{problem}");
				}
				seen += 1;
			}
		}
	}
	println!("{seen} answers are as documented");
}

/// Customers as CSV: what each signs, then each registration, and a result for each line.
async fn import(shop: &Shop) {
	let people = [dev::two(), dev::one()];
	let [two, one] = people.each_ref().map(|key| hanse_chain::AccountId(key.public_key().0));
	let csv = format!("reference,account,person\nC-2,{two},DE-2\nC-3,{one},DE-3\nC-4,me,DE-4\nC-5,{one},\n");
	let key = uuid::Uuid::now_v7().to_string();
	let asked = shop.keyed("/v1/customers/import", "registrar", &key, &csv, "text/csv").await;
	assert_eq!(asked.status(), StatusCode::ACCEPTED);
	let asked: Value = asked.json().await.unwrap();
	assert_eq!((&asked["accepted"], &asked["refused"]), (&json!(2), &json!(2)), "{asked}");
	assert_eq!(asked["results"][2]["problem"]["errors"][0]["pointer"], "/account", "{asked}");
	let signature = |line: usize| signed(&people[line], &asked["results"][line]["consent"]["bytes"]);
	let (good, other) = (signature(0), signature(1));
	let csv = format!("reference,account,signature\nC-2,{two},{good}\nC-3,{one},{good}\nC-6,{one},{other}\n");
	let key = uuid::Uuid::now_v7().to_string();
	let begun = shop.keyed("/v1/customers/import", "registrar", &key, &csv, "text/csv").await;
	let begun: Value = begun.json().await.unwrap();
	assert_eq!((&begun["accepted"], &begun["refused"]), (&json!(2), &json!(1)), "{begun}");
	assert_eq!(begun["results"][2]["problem"]["status"], 404, "nobody asked for that consent: {begun}");
	let mut ends = Vec::new();
	for line in 0..2 {
		let id = begun["results"][line]["operation"]["id"].as_str().unwrap().to_owned();
		ends.push(shop.finished(&id).await["status"].clone());
	}
	assert_eq!(ends, ["final", "failed"], "the second has the first one's signature");
	let customer = shop.get("/v1/customers/C-2", Some("reader")).await.1;
	assert_eq!(customer["registration"]["registrar"], 1, "{customer}");
}

async fn journey(shop: &Shop) {
	// A program.
	let terms = json!({ "decimals": 2, "face_value": 1000, "period": { "milliseconds": 2_592_000_000_u64 }, "validity": 5_184_000_000_u64, "pending": 0 });
	let body = json!({ "name": "Test Miles", "symbol": "TEST", "terms": terms });
	let created = shop.done("/v1/programs", "issuer", &body).await;
	let program = created["result"]["program"].as_u64().unwrap();
	// It is known at once, whatever was read of programs before.
	let award = json!({ "program": program, "order": "A-1", "to": shop.customer(), "points": "500000" });
	let (status, answer) = shop.post("/v1/awards", "issuer", &award).await;
	assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
	// A customer, by its consent.
	let eve = dev::eve();
	let body = json!({ "reference": "C-1", "account": shop.customer(), "person": "DE-1" });
	let (status, consent) = shop.post("/v1/customers/consents", "till", &body).await;
	assert_eq!(status, StatusCode::OK, "{consent}");
	let body = json!({ "reference": "C-1", "account": shop.customer(), "signature": signed(&eve, &consent["bytes"]) });
	shop.done("/v1/customers", "registrar", &body).await;
	let customer = shop.get("/v1/customers/C-1", Some("reader")).await.1;
	assert_eq!(customer["registration"]["registrar"], 1, "{customer}");
	import(shop).await;
	// Awards: one, again, and otherwise.
	let award = json!({ "program": program, "order": "A-1", "customer": "C-1", "points": "500000" });
	let first = shop.done("/v1/awards", "issuer", &award).await;
	let (_, again) = shop.post("/v1/awards", "issuer", &award).await;
	assert_eq!(first["id"], again["id"], "the order makes it the same");
	let other = json!({ "program": program, "order": "A-1", "customer": "C-1", "points": "7" });
	let (status, problem) = shop.post("/v1/awards", "issuer", &other).await;
	assert_eq!(status, StatusCode::CONFLICT);
	let detail = problem["detail"].as_str().unwrap();
	assert!(detail.contains("500000") && detail.contains('7'), "{detail}");
	// The same key with the same body, and with another one.
	let key = uuid::Uuid::now_v7().to_string();
	for (body, expected) in [(&award, 200), (&award, 200), (&other, 409)] {
		let answer = shop.keyed("/v1/awards", "issuer", &key, &body.to_string(), "application/json").await;
		assert_eq!(answer.status().as_u16(), expected);
	}
	// Many, as CSV: the bad line is refused alone.
	let lines = ["B-1,C-1,100", "B-2,C-1,0", "B-3,nobody,5", "B-4,C-1,200"];
	let csv = lines
		.iter()
		.fold("program,order,customer,points\n".to_owned(), |all, line| format!("{all}{program},{line}\n"));
	let key = uuid::Uuid::now_v7().to_string();
	let answer = shop.keyed("/v1/awards", "till", &key, &csv, "text/csv").await;
	assert_eq!(answer.status(), StatusCode::ACCEPTED);
	let answer: Value = answer.json().await.unwrap();
	assert_eq!((&answer["accepted"], &answer["refused"]), (&json!(2), &json!(2)), "{answer}");
	let last = answer["results"][3]["operation"]["id"].as_str().unwrap().to_owned();
	assert_eq!(shop.finished(&last).await["status"], "final");
	let holdings = shop.get("/v1/customers/C-1/holdings", Some("till")).await.1;
	assert_eq!(
		holdings["items"][0]["points"],
		json!({ "units": "500300", "display": "5003.00" }),
		"{holdings}"
	);
	// A slip for a payment request, and its refund, twice.
	let request = json!({ "order": "P-1", "price": "100000000" });
	let (status, request) = shop.post("/v1/payment-requests", "till", &request).await;
	assert_eq!(status, StatusCode::CREATED, "{request}");
	let slip = shop.slip(&eve, &request, u16::try_from(program).unwrap(), 400_000).await;
	shop.done("/v1/payments/slips", "till", &slip).await;
	let path = format!("/v1/payment-requests/{}?wait=final", request["id"].as_str().unwrap());
	let paid = shop.get(&path, Some("till")).await.1;
	assert_eq!(paid["status"], "paid", "{paid}");
	let refund = json!({ "total": "40000000" });
	let once = shop.done("/v1/payments/P-1/refunds", "till", &refund).await;
	let again = shop.done("/v1/payments/P-1/refunds", "till", &refund).await;
	assert_eq!(once["id"], again["id"]);
	let paid = shop.get(&path, Some("till")).await.1;
	assert_eq!(paid["payment"]["refunded"]["units"], "40000000", "{paid}");
	let listed = shop.get("/v1/payment-requests?since=1", Some("till")).await.1;
	assert_eq!(listed["items"][0], paid, "the newest first: {listed}");
	let none = shop.get("/v1/payment-requests?since=9000000000000000", Some("till")).await.1;
	assert_eq!(none["items"], json!([]), "{none}");
	// What the pages ask first.
	let network = shop.get("/v1/public/network", None).await.1;
	assert_eq!(network["institutions"], json!([1]), "{network}");
	let who = shop.get("/v1/sign-in", Some("till")).await.1;
	assert_eq!(who, json!({ "institution": 1, "role": "till", "till": null }));
	// Books.
	let statement = shop.get("/v1/statements/current", Some("reader")).await.1;
	let of = statement["items"].as_array().unwrap().iter().find(|one| one["program"] == program).unwrap();
	assert_eq!(of["issued"]["units"], "500300", "{statement}");
	let records = shop.get("/v1/customers/C-1/records", Some("reader")).await.1;
	assert!(records["items"].as_array().unwrap().len() >= 4, "{records}");
	for path in [
		"/v1/statements/liability",
		"/v1/statements/positions",
		"/v1/statements/cycles",
		"/v1/statements/fees",
		"/v1/complaints",
		"/v1/disclosures",
		"/v1/motions",
		"/v1/alliance",
		"/v1/rules",
		"/v1/standing/1",
		"/v1/authorities",
		"/v1/programs",
	] {
		let (status, answer) = shop.get(path, Some("reader")).await;
		assert_eq!(status, StatusCode::OK, "{path}: {answer}");
	}
	assert_eq!(shop.get("/health/ready", None).await.0, StatusCode::OK);
}
