//! Whoever gets the shop's webhooks: checks each, and now and then takes none.

use axum::{
	Router,
	body::Bytes,
	extract::State,
	http::{HeaderMap, StatusCode},
	routing::post,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use std::{
	collections::{BTreeMap, HashSet},
	sync::{Arc, Mutex},
};
use tokio::sync::watch;

/// One of so many is not taken when it comes first.
const REFUSED: u64 = 100;

#[derive(Default)]
struct Seen {
	secret: String,
	/// By sequence: the message's id and body.
	messages: BTreeMap<u64, (String, Bytes)>,
	refused: HashSet<u64>,
	repeated: u64,
	paid: HashSet<String>,
	faults: Vec<String>,
}

#[derive(Clone)]
pub struct Receiver {
	pub url: String,
	seen: Arc<Mutex<Seen>>,
	news: watch::Sender<u64>,
}

impl Receiver {
	pub async fn start() -> Self {
		let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
		let url = format!("http://{}/hooks", listener.local_addr().unwrap());
		let receiver = Self { url, seen: Arc::default(), news: watch::channel(0).0 };
		let router = Router::new().route("/hooks", post(take)).with_state(receiver.clone());
		tokio::spawn(async move { axum::serve(listener, router).await });
		receiver
	}

	/// What its endpoint's messages are signed with.
	pub fn set_secret(&self, secret: &str) {
		self.seen.lock().unwrap().secret = secret.to_owned();
	}

	/// Returns once a message tells that this order is paid.
	pub async fn paid(&self, order: &str) {
		let mut news = self.news.subscribe();
		loop {
			{
				let seen = self.seen.lock().unwrap();
				assert_eq!(seen.faults, Vec::<String>::new());
				if seen.paid.contains(order) {
					return;
				}
			}
			news.changed().await.unwrap();
		}
	}

	/// Up to where there is no gap.
	pub fn complete_to(&self) -> u64 {
		let seen = self.seen.lock().unwrap();
		(1..).zip(seen.messages.keys()).take_while(|(expected, found)| expected == *found).count() as u64
	}

	pub fn refused_and_repeated(&self) -> (usize, u64) {
		let seen = self.seen.lock().unwrap();
		(seen.refused.len(), seen.repeated)
	}

	/// All of them in their order, after it was checked that nothing was wrong with any.
	pub fn messages(&self) -> Vec<Value> {
		let seen = self.seen.lock().unwrap();
		assert_eq!(seen.faults, Vec::<String>::new());
		seen.messages.values().map(|(_, body)| serde_json::from_slice(body).unwrap()).collect()
	}
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
	let mut seen = receiver.seen.lock().unwrap();
	let (id, message) = match checked(&seen.secret, &headers, &body) {
		Ok(found) => found,
		Err(fault) => {
			seen.faults.push(fault);
			return StatusCode::BAD_REQUEST;
		},
	};
	let sequence = message["sequence"].as_u64().unwrap();
	if sequence.is_multiple_of(REFUSED) && seen.refused.insert(sequence) {
		return StatusCode::SERVICE_UNAVAILABLE;
	}
	match seen.messages.get(&sequence) {
		None => {
			seen.messages.insert(sequence, (id, body));
		},
		Some(before) if *before == (id, body) => seen.repeated += 1,
		Some(_) => seen.faults.push(format!("there are two messages {sequence}")),
	}
	if message["type"] == "operation.failed" {
		seen.faults.push(message.to_string());
	}
	if message["type"] == "payment.paid"
		&& let Some(order) = message["data"]["reference"].as_str()
	{
		seen.paid.insert(order.to_owned());
	}
	receiver.news.send_modify(|count| *count += 1);
	StatusCode::NO_CONTENT
}

/// By the rules of Standard Webhooks 1.0.
fn checked(secret: &str, headers: &HeaderMap, body: &[u8]) -> Result<(String, Value), String> {
	let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
	let (id, time) = (header("webhook-id"), header("webhook-timestamp"));
	let key = STANDARD.decode(secret.trim_start_matches("whsec_")).map_err(|error| error.to_string())?;
	let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|error| error.to_string())?;
	mac.update(format!("{id}.{time}.").as_bytes());
	mac.update(body);
	let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
	if !header("webhook-signature").split(' ').any(|signature| signature == expected) {
		return Err(format!("message {id} has a wrong signature"));
	}
	let message = serde_json::from_slice(body).map_err(|error| error.to_string())?;
	Ok((id.to_owned(), message))
}
