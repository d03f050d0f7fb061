//! Webhooks, as a real receiver sees them.

mod blocks;
mod receiver;

use crate::{
	config::Webhooks,
	hooks::{
		Deliverer, Endpoints,
		endpoints::DeliveryStatus,
		kinds,
		queue::{Message, push},
	},
	store::{
		Store,
		testing::{TestStore, stores},
	},
};
use receiver::Receiver;
use serde_json::{Map, Value, json};
use std::{
	io::Write,
	process::{Command, Stdio},
	time::Duration,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const PRIVATE: Webhooks = Webhooks { private_addresses: true, timeout: 5 };
const PUBLIC: Webhooks = Webhooks { private_addresses: false, timeout: 5 };

fn install_tls() {
	let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A lease that is held.
fn held() -> watch::Receiver<bool> {
	watch::channel(true).1
}

/// A deliverer at work, until this is dropped.
struct Running(CancellationToken);

impl Running {
	fn start(store: &Store, webhooks: &Webhooks) -> Self {
		install_tls();
		let stop = CancellationToken::new();
		tokio::spawn(Deliverer::new(store.clone(), webhooks).unwrap().run(held(), stop.clone()));
		Self(stop)
	}
}

impl Drop for Running {
	fn drop(&mut self) {
		self.0.cancel();
	}
}

fn message(kind: &'static str, number: i64) -> Message {
	let data = Map::from_iter([("number".to_owned(), json!(number))]);
	Message { institution: Some(1), kind, data }
}

async fn queue(store: &Store, messages: Vec<Message>) {
	let mut tx = store.write().await.unwrap();
	push(&mut tx, 1_793_620_800_000, messages).await.unwrap();
	tx.commit().await.unwrap();
}

async fn execute(store: &Store, statement: &'static str) {
	let mut tx = store.write().await.unwrap();
	sqlx::query(statement).execute(&mut *tx).await.unwrap();
	tx.commit().await.unwrap();
}

/// Waits until `done` says so.
async fn until(mut done: impl AsyncFnMut() -> bool) {
	for _ in 0..200 {
		if done().await {
			return;
		}
		tokio::time::sleep(Duration::from_millis(50)).await;
	}
	panic!("it did not happen within ten seconds");
}

#[tokio::test]
async fn messages_arrive_once_each_numbered_without_a_gap() {
	for TestStore { store, .. } in stores().await {
		let receiver = Receiver::start().await;
		let endpoints = Endpoints::new(store.clone(), true);
		endpoints.create(1, &receiver.url, vec!["award.*".into()]).await.unwrap();
		endpoints.create(2, &receiver.url, vec![]).await.unwrap();
		let mixed = (0..100).map(|n| message(if n % 2 == 0 { "award.issued" } else { "payment.paid" }, n));
		queue(&store, mixed.collect()).await;
		let _running = Running::start(&store, &PRIVATE);
		until(async || receiver.count() == 50).await;
		let mut bodies: Vec<Value> = receiver.bodies();
		bodies.sort_by_key(|body| body["sequence"].as_i64());
		for (place, body) in (0..).zip(&bodies) {
			let expected = json!({
				"type": "award.issued",
				"timestamp": "2026-11-02T12:00:00Z",
				"sequence": place + 1,
				"data": { "number": 2 * place },
			});
			assert_eq!(body, &expected);
		}
	}
}

#[tokio::test]
async fn what_was_queued_while_the_clock_was_wrong_does_not_wait_until_it_is_right() {
	for TestStore { store, .. } in stores().await {
		let receiver = Receiver::start().await;
		Endpoints::new(store.clone(), true).create(1, &receiver.url, vec![]).await.unwrap();
		queue(&store, vec![message("payment.paid", 1)]).await;
		execute(&store, "UPDATE deliveries SET next = next + 31536000000").await;
		let _running = Running::start(&store, &PRIVATE);
		until(async || receiver.count() == 1).await;
	}
}

#[tokio::test]
async fn an_institution_cannot_have_endpoints_without_end() {
	for TestStore { store, .. } in stores().await {
		let endpoints = Endpoints::new(store.clone(), false);
		for number in 0..50 {
			endpoints.create(1, &format!("https://shop.example/{number}"), vec![]).await.unwrap();
		}
		let error = endpoints.create(1, "https://shop.example/more", vec![]).await.unwrap_err();
		assert!(error.to_string().contains("there are 50 webhook endpoints"), "{error}");
		endpoints.create(2, "https://shop.example/more", vec![]).await.unwrap();
	}
}

#[tokio::test]
async fn pythons_standardwebhooks_verifies_them() {
	let python = std::env::var("HANSE_PYTHON").unwrap_or_else(|_| "python3".into());
	let check = Command::new(&python).args(["-c", "import standardwebhooks"]).stderr(Stdio::null()).status();
	if !check.is_ok_and(|status| status.success()) {
		eprintln!("Python does not verify webhooks here: {python} -m pip install standardwebhooks");
		return;
	}
	let one = stores().await.remove(0);
	let store = one.store.clone();
	let receiver = Receiver::start().await;
	let endpoints = Endpoints::new(store.clone(), true);
	let (endpoint, old) = endpoints.create(1, &receiver.url, vec![]).await.unwrap();
	let new = endpoints.rotate(1, &endpoint.id).await.unwrap();
	queue(&store, vec![message("payment.paid", 1)]).await;
	let _running = Running::start(&store, &PRIVATE);
	until(async || receiver.count() == 1).await;
	let got = &receiver.received()[0];
	let stranger = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
	for (secret, good) in [(new, true), (old, true), (stranger, false)] {
		let input = json!({ "secret": secret, "headers": got.headers, "body": got.body }).to_string();
		let script = "import json, sys; from standardwebhooks import Webhook; m = json.load(sys.stdin); \
			print(Webhook(m['secret']).verify(m['body'], m['headers'])['type'])";
		let mut child = Command::new(&python)
			.args(["-c", script])
			.stdin(Stdio::piped())
			.stdout(Stdio::piped())
			.stderr(Stdio::null())
			.spawn()
			.unwrap();
		child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
		let output = child.wait_with_output().unwrap();
		assert_eq!(output.status.success(), good);
		assert_eq!(output.stdout == b"payment.paid\n", good);
	}
}

#[tokio::test]
async fn what_is_not_taken_waits_as_long_as_the_receiver_asks_and_keeps_its_id() {
	for TestStore { store, .. } in stores().await {
		let receiver = Receiver::start().await;
		receiver.answer(503, &[("retry-after", "3600")]);
		let endpoints = Endpoints::new(store.clone(), true);
		let (endpoint, _) = endpoints.create(1, &receiver.url, vec![]).await.unwrap();
		queue(&store, vec![message("refund.made", 1)]).await;
		let _running = Running::start(&store, &PRIVATE);
		let waits = async || {
			let all = endpoints.deliveries(1, &endpoint.id, None, 0, 10).await.unwrap();
			all[0].attempts == 1
		};
		until(waits).await;
		let waiting = endpoints
			.deliveries(1, &endpoint.id, Some(DeliveryStatus::Waiting), 0, 10)
			.await
			.unwrap()
			.remove(0);
		assert_eq!(waiting.answer, Some(503));
		assert!(waiting.next.unwrap() - waiting.updated >= 3_600_000);
		receiver.answer(204, &[]);
		// It can be sent at once by whoever repaired the receiver.
		execute(&store, "UPDATE deliveries SET next = 0").await;
		until(async || endpoints.get(1, &endpoint.id).await.unwrap().waiting == 0).await;
		let ids: Vec<_> = receiver.received().iter().map(|got| got.headers["webhook-id"].clone()).collect();
		assert_eq!(ids, [waiting.id.clone(), waiting.id]);
	}
}

#[tokio::test]
async fn after_the_last_attempt_it_is_a_dead_letter_which_can_be_replayed() {
	for TestStore { store, .. } in stores().await {
		let receiver = Receiver::start().await;
		receiver.answer(500, &[]);
		let endpoints = Endpoints::new(store.clone(), true);
		let (endpoint, _) = endpoints.create(1, &receiver.url, vec![]).await.unwrap();
		queue(&store, vec![message("refund.made", 1), message("refund.made", 2)]).await;
		execute(&store, "UPDATE deliveries SET attempts = 9").await;
		let _running = Running::start(&store, &PRIVATE);
		until(async || endpoints.get(1, &endpoint.id).await.unwrap().dead == 2).await;
		receiver.answer(200, &[]);
		assert_eq!(endpoints.replay(1, &endpoint.id, 2, true).await.unwrap(), 1);
		let is_taken = async || endpoints.get(1, &endpoint.id).await.unwrap().waiting == 0;
		until(is_taken).await;
		assert_eq!(receiver.count(), 3);
		assert_eq!(endpoints.replay(1, &endpoint.id, 1, false).await.unwrap(), 2);
		until(async || receiver.count() == 5).await;
		assert!(endpoints.replay(2, &endpoint.id, 1, false).await.is_err(), "another institution's");
	}
}

#[tokio::test]
async fn who_answers_410_gets_nothing_more() {
	for TestStore { store, .. } in stores().await {
		let receiver = Receiver::start().await;
		receiver.answer(410, &[]);
		let endpoints = Endpoints::new(store.clone(), true);
		let (endpoint, _) = endpoints.create(1, &receiver.url, vec![]).await.unwrap();
		queue(&store, vec![message("refund.made", 1)]).await;
		let _running = Running::start(&store, &PRIVATE);
		until(async || endpoints.get(1, &endpoint.id).await.unwrap().disabled.is_some()).await;
		queue(&store, vec![message("refund.made", 2)]).await;
		let now = endpoints.get(1, &endpoint.id).await.unwrap();
		assert_eq!((now.sequence, now.waiting, now.dead), (1, 0, 1));
		receiver.answer(200, &[]);
		endpoints.replay(1, &endpoint.id, 1, true).await.unwrap();
		until(async || receiver.count() == 2).await;
	}
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
	let one = stores().await.remove(0);
	let store = one.store.clone();
	let (receiver, inside) = (Receiver::start().await, Receiver::start().await);
	receiver.answer(302, &[("location", &inside.url)]);
	let endpoints = Endpoints::new(store.clone(), true);
	let (endpoint, _) = endpoints.create(1, &receiver.url, vec![]).await.unwrap();
	queue(&store, vec![message("refund.made", 1)]).await;
	let _running = Running::start(&store, &PRIVATE);
	until(async || receiver.count() == 1).await;
	let waits = async || {
		let all = endpoints.deliveries(1, &endpoint.id, None, 0, 10).await.unwrap();
		all[0].answer == Some(302)
	};
	until(waits).await;
	assert_eq!(inside.count(), 0);
}

#[tokio::test]
async fn a_private_address_gets_nothing_unless_it_is_allowed() {
	let one = stores().await.remove(0);
	let store = one.store.clone();
	let receiver = Receiver::start().await;
	// Made while it was allowed: by number, and by a name that leads home.
	let endpoints = Endpoints::new(store.clone(), true);
	let named = receiver.url.replace("127.0.0.1", "localhost.localdomain");
	let mut made = Vec::new();
	for url in [receiver.url.replace("http:", "https:"), named.replace("http:", "https:")] {
		made.push(endpoints.create(1, &url, vec![]).await.unwrap().0);
	}
	queue(&store, vec![message("refund.made", 1)]).await;
	let _running = Running::start(&store, &PUBLIC);
	for endpoint in made {
		let failed = async || {
			let all = endpoints.deliveries(1, &endpoint.id, None, 0, 10).await.unwrap();
			all[0].error.is_some()
		};
		until(failed).await;
	}
	assert_eq!(receiver.count(), 0);
	let refused = Endpoints::new(store, false).create(1, &receiver.url, vec![]).await.unwrap_err();
	assert!(refused.to_string().contains("https"), "{refused}");
}

#[tokio::test]
async fn whoever_is_killed_before_the_answer_sends_it_again_with_the_same_id() {
	let one = stores().await.remove(0);
	let store = one.store.clone();
	let receiver = Receiver::start().await;
	receiver.delay(Duration::from_secs(2));
	let endpoints = Endpoints::new(store.clone(), true);
	let (endpoint, _) = endpoints.create(1, &receiver.url, vec![]).await.unwrap();
	queue(&store, vec![message("refund.made", 1)]).await;
	install_tls();
	let first =
		tokio::spawn(Deliverer::new(store.clone(), &PRIVATE).unwrap().run(held(), CancellationToken::new()));
	until(async || receiver.count() == 1).await;
	first.abort();
	receiver.delay(Duration::ZERO);
	let _running = Running::start(&store, &PRIVATE);
	until(async || endpoints.get(1, &endpoint.id).await.unwrap().waiting == 0).await;
	let ids: Vec<_> = receiver.received().iter().map(|got| got.headers["webhook-id"].clone()).collect();
	assert!(ids.len() >= 2 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

#[tokio::test]
async fn a_gateway_without_the_lease_sends_nothing_until_it_has_it() {
	let one = stores().await.remove(0);
	let receiver = Receiver::start().await;
	let endpoints = Endpoints::new(one.store.clone(), true);
	endpoints.create(1, &receiver.url, vec![]).await.unwrap();
	queue(&one.store, vec![message("refund.made", 1)]).await;
	install_tls();
	let (lease, stop) = (watch::Sender::new(false), CancellationToken::new());
	tokio::spawn(Deliverer::new(one.store.clone(), &PRIVATE).unwrap().run(lease.subscribe(), stop.clone()));
	tokio::time::sleep(Duration::from_secs(1)).await;
	assert_eq!(receiver.count(), 0);
	lease.send_replace(true);
	until(async || receiver.count() == 1).await;
	stop.cancel();
}

#[test]
fn there_are_the_types_of_the_design() {
	let families = [
		"award.*",
		"payment.*",
		"refund.*",
		"customer.*",
		"recovery.opened",
		"points.expiring",
		"complaint.opened",
		"disclosure.requested",
		"cycle.settled",
		"position.overdue",
		"reserve.low",
		"budget.low",
		"motion.opened",
		"authority.offline",
		"operation.failed",
	];
	for kind in families {
		assert!(kinds::is_known(kind), "{kind}");
	}
}
