//! A shop's own system: it asks, and asks again until it is answered.

use crate::{PATIENCE, gateway::Gateway};
use hanse_chain::{
	AccountId, InstitutionId, Node, ProgramId,
	reads::{OrderId, Reads},
};
use hanse_gateway::model::Role;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use std::{
	collections::HashMap,
	sync::atomic::{AtomicU64, Ordering},
	time::{Duration, Instant},
};
use subxt_signer::sr25519::Keypair;
use tokio::time::sleep;

pub const JSON: &str = "application/json";
pub const NDJSON: &str = "application/x-ndjson";

pub struct Shop {
	base: String,
	client: Client,
	keys: HashMap<Role, String>,
	/// How often it was not answered, or turned away.
	pub repeated: AtomicU64,
}

impl Shop {
	/// With a key for each of these roles.
	pub async fn of(gateway: &Gateway, institution: InstitutionId, roles: &[Role]) -> Self {
		let _ = rustls::crypto::ring::default_provider().install_default();
		let mut keys = HashMap::new();
		for role in roles {
			keys.insert(*role, gateway.key(institution, *role).await);
		}
		let client = Client::builder().timeout(Duration::from_secs(60)).build().unwrap();
		Self { base: gateway.base.clone(), client, keys, repeated: AtomicU64::new(0) }
	}

	fn request(&self, method: Method, path: &str, role: Role) -> RequestBuilder {
		self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.keys[&role])
	}

	/// Posts until it is taken. `key` is the Idempotency-Key of all attempts.
	pub async fn post(&self, path: &str, role: Role, key: &str, media: &str, body: &str) -> Value {
		self.post_and(path, role, key, media, body, "").await
	}

	/// The same with a header `Prefer`.
	pub async fn post_and(
		&self,
		path: &str,
		role: Role,
		key: &str,
		media: &str,
		body: &str,
		prefer: &'static str,
	) -> Value {
		let request = || {
			let request = self.request(Method::POST, path, role).header("idempotency-key", key);
			request.header("prefer", prefer).header("content-type", media).body(body.to_owned())
		};
		self.until_answered(request).await
	}

	/// Posts once: nothing if it is turned away.
	pub async fn try_post(
		&self,
		path: &str,
		role: Role,
		key: &str,
		media: &str,
		body: &str,
	) -> Option<Value> {
		let request = self.request(Method::POST, path, role).header("idempotency-key", key);
		let answer = request.header("content-type", media).body(body.to_owned()).send().await.unwrap();
		match answer.status() {
			StatusCode::SERVICE_UNAVAILABLE => None,
			_ => Some(answer.error_for_status().unwrap().json().await.unwrap()),
		}
	}

	pub async fn get(&self, path: &str, role: Role) -> Value {
		self.until_answered(|| self.request(Method::GET, path, role)).await
	}

	/// A table of the export, whole.
	pub async fn export(&self, table: &str) -> String {
		let request = self.request(Method::GET, &format!("/v1/export/{table}.ndjson"), Role::Admin);
		request.send().await.unwrap().error_for_status().unwrap().text().await.unwrap()
	}

	async fn until_answered(&self, request: impl Fn() -> RequestBuilder) -> Value {
		let end = Instant::now() + 5 * PATIENCE;
		loop {
			if let Ok(answer) = request().send().await {
				let status = answer.status();
				// Killed in the middle of an answer is no answer.
				if let Ok(body) = answer.bytes().await {
					if status.is_success() {
						return serde_json::from_slice(&body).unwrap();
					}
					let body = String::from_utf8_lossy(&body);
					let is_passing =
						[StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS].contains(&status);
					assert!(is_passing, "{status}: {body}");
				}
			}
			assert!(Instant::now() < end, "the gateway does not take it");
			self.repeated.fetch_add(1, Ordering::Relaxed);
			sleep(Duration::from_millis(50)).await;
		}
	}
}

/// A list of awards of which all lines are taken: how many had been asked for before.
pub async fn award(shop: &Shop, key: &str, lines: &str) -> u64 {
	let answer = shop.post("/v1/awards", Role::Issuer, key, NDJSON, lines).await;
	assert_eq!(answer["refused"], 0, "{answer}");
	let results = answer["results"].as_array().unwrap();
	results.iter().filter(|line| line["existed"] == true).count() as u64
}

/// One line of such a list.
pub fn award_line(program: ProgramId, order: &str, to: AccountId, points: u64) -> String {
	let to = to.to_string();
	json!({ "program": program, "order": order, "to": to, "points": points.to_string() }).to_string() + "\n"
}

/// Registers customers, who agree to it, and gives each of them points; all of it is final then.
pub async fn welcome(shop: &Shop, program: ProgramId, customers: &[Keypair], points: u64) {
	let welcomed = customers.iter().enumerate().map(|(number, customer)| async move {
		let (reference, account) = (format!("C-{number}"), crate::chain::account(customer));
		let asked = json!({ "reference": reference, "account": account.to_string(), "person": reference });
		let key = format!("consent-{number}");
		let path = "/v1/customers/consents";
		let consent = shop.post(path, Role::Registrar, &key, JSON, &asked.to_string()).await;
		let bytes = hex::decode(&consent["bytes"].as_str().unwrap()[2..]).unwrap();
		let signature = format!("0x{}", hex::encode(customer.sign(&bytes).0));
		let body = json!({ "reference": reference, "account": account.to_string(), "signature": signature });
		let (key, body) = (format!("customer-{number}"), body.to_string());
		let path = "/v1/customers";
		let done = shop.post_and(path, Role::Registrar, &key, JSON, &body, "wait=60").await;
		assert_eq!(done["status"], "final", "{done}");
		let line = award_line(program, &format!("F-{number}"), account, points);
		let key = format!("fund-{number}");
		let done = shop.post_and("/v1/awards", Role::Issuer, &key, JSON, &line, "wait=60").await;
		assert_eq!(done["status"], "final", "{done}");
	});
	futures::future::join_all(welcomed).await;
}

/// Asks for a payment, which the customer signs: the slip as the till presents it.
pub async fn slip(
	shop: &Shop,
	node: &Node,
	merchant: InstitutionId,
	(payer, program): (&Keypair, ProgramId),
	(order, price): (&str, u64),
) -> Value {
	let asked = json!({ "order": order, "price": price.to_string(), "seconds": 3000 }).to_string();
	let key = format!("request-{order}");
	let request = shop.post("/v1/payment-requests", Role::Till, &key, JSON, &asked).await;
	let commitment = hex::decode(&request["commitment"].as_str().unwrap()[2..]).unwrap();
	let era = u32::try_from(request["era"].as_u64().unwrap()).unwrap();
	let until = request["expires"].as_u64().unwrap();
	let account = crate::chain::account(payer);
	let max_points = price / u64::from(crate::chain::FACE_VALUE);
	let of = OrderId { era, commitment: commitment.try_into().unwrap() };
	let bytes = loop {
		// The node may be away.
		if let Ok(at) = node.at_final().await
			&& let Ok(bytes) =
				Reads::new(at).slip(merchant, account, of, price, &[(program, max_points)], until).await
		{
			break bytes;
		}
		sleep(Duration::from_millis(100)).await;
	};
	json!({
		"payer": account.to_string(),
		"order": order,
		"era": era,
		"price": price.to_string(),
		"legs": [{ "program": program, "max_points": max_points.to_string() }],
		"until": until,
		"signature": format!("0x{}", hex::encode(payer.sign(&bytes).0)),
	})
}
