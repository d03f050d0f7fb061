//! Listening: what a best block says comes first, and again when it is final.

use crate::shop::Shop;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;

pub async fn run(shop: &Shop) {
	let path = "/v1/events?provisional=true";
	let mut stream = shop.request(Method::GET, path, Some(&shop.keys["reader"])).send().await.unwrap();
	let award = json!({ "program": 1, "order": "L-1", "customer": "C-1009", "points": "10" });
	shop.post("/v1/awards", "issuer", &award).await;
	let mut heard = String::new();
	let listening = async {
		while places(&heard).iter().any(Option::is_none) {
			heard.push_str(&String::from_utf8_lossy(&stream.chunk().await.unwrap().unwrap()));
		}
	};
	timeout(Duration::from_secs(30), listening).await.expect("both are told");
	let [provisional, last] = places(&heard);
	assert!(provisional < last, "{heard}");
	println!("an award was heard of before it was final, and then");
}

/// Where the award is told of provisionally, and as final.
fn places(heard: &str) -> [Option<usize>; 2] {
	["event: provisional\n", "event: final\n"].map(|kind| {
		let events = heard.split("\n\n").enumerate();
		let mut of_kind = events.filter(|(_, event)| event.contains(kind) && event.contains("BatchIssued"));
		of_kind.next().map(|(place, _)| place)
	})
}
