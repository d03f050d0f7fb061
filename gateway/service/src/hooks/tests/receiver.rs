//! Somebody who gets webhooks.

use axum::{
	Router,
	body::Bytes,
	extract::State,
	http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
	response::{IntoResponse, Response},
	routing::post,
};
use std::{
	collections::BTreeMap,
	sync::{Arc, Mutex},
	time::Duration,
};

#[derive(Clone, Debug)]
pub struct Received {
	pub headers: BTreeMap<String, String>,
	pub body: String,
}

#[derive(Default)]
struct Behaviour {
	received: Vec<Received>,
	answer: Option<(u16, HeaderMap)>,
	delay: Duration,
}

pub struct Receiver {
	pub url: String,
	behaviour: Arc<Mutex<Behaviour>>,
}

impl Receiver {
	pub async fn start() -> Self {
		let behaviour = Arc::<Mutex<Behaviour>>::default();
		let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
		let url = format!("http://{}/hooks", listener.local_addr().unwrap());
		let router = Router::new().route("/hooks", post(take)).with_state(behaviour.clone());
		tokio::spawn(async move { axum::serve(listener, router).await });
		Self { url, behaviour }
	}

	/// What it answers from now on.
	pub fn answer(&self, status: u16, headers: &[(&'static str, &str)]) {
		let headers = headers
			.iter()
			.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()));
		self.behaviour.lock().unwrap().answer = Some((status, headers.collect()));
	}

	/// How long it takes from now on.
	pub fn delay(&self, delay: Duration) {
		self.behaviour.lock().unwrap().delay = delay;
	}

	pub fn received(&self) -> Vec<Received> {
		self.behaviour.lock().unwrap().received.clone()
	}

	pub fn count(&self) -> usize {
		self.behaviour.lock().unwrap().received.len()
	}

	pub fn bodies(&self) -> Vec<serde_json::Value> {
		self.received().iter().map(|got| serde_json::from_str(&got.body).unwrap()).collect()
	}
}

async fn take(State(behaviour): State<Arc<Mutex<Behaviour>>>, headers: HeaderMap, body: Bytes) -> Response {
	let headers = headers
		.iter()
		.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
		.collect();
	let (answer, delay) = {
		let mut behaviour = behaviour.lock().unwrap();
		let body = String::from_utf8(body.to_vec()).unwrap();
		behaviour.received.push(Received { headers, body });
		(behaviour.answer.clone(), behaviour.delay)
	};
	tokio::time::sleep(delay).await;
	let (status, headers) = answer.unwrap_or((204, HeaderMap::new()));
	(StatusCode::from_u16(status).unwrap(), headers).into_response()
}
