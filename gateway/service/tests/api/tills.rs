//! A key that is for one till sees and does only what is that till's own.

use crate::shop::Shop;
use reqwest::StatusCode;
use serde_json::{Value, json};

/// After the examples: program 2 has a return window, and B-77 was asked for by a key without a till.
pub async fn run(shop: &Shop) {
	requests(shop).await;
	awards(shop).await;
	let refund = json!({ "total": "1" });
	for till in ["till one", "till two"] {
		let (status, problem) = shop.post("/v1/payments/B-77/refunds", till, &refund).await;
		assert_eq!(status, StatusCode::NOT_FOUND, "{problem}");
		assert!(problem["detail"].as_str().unwrap().contains(till), "{problem}");
	}
	println!("tills see and do what is their own");
}

async fn requests(shop: &Shop) {
	let body = json!({ "order": "T-1", "price": "500000" });
	let (status, request) = shop.post("/v1/payment-requests", "till one", &body).await;
	assert_eq!(status, StatusCode::CREATED, "{request}");
	let path = format!("/v1/payment-requests/{}", request["id"].as_str().unwrap());
	for (role, expected) in [("till one", 200), ("till two", 404), ("till", 200), ("reader", 200)] {
		assert_eq!(shop.get(&path, Some(role)).await.0.as_u16(), expected, "{role}");
	}
	for (role, expected) in [("till one", 201), ("till two", 409), ("till", 201)] {
		assert_eq!(shop.post("/v1/payment-requests", role, &body).await.0.as_u16(), expected, "{role}");
	}
}

async fn awards(shop: &Shop) {
	let award = json!({ "program": 2, "order": "T-2", "customer": "C-1009", "points": "10" });
	let begun = shop.done("/v1/awards", "till one", &award).await;
	let path = format!("/v1/operations/{}", begun["id"].as_str().unwrap());
	for (role, expected) in [("till one", 200), ("till two", 404), ("till", 200), ("admin", 200)] {
		assert_eq!(shop.get(&path, Some(role)).await.0.as_u16(), expected, "{role}");
	}
	let ids = |page: Value| page["items"].as_array().unwrap().len();
	assert_eq!(ids(shop.get("/v1/operations", Some("till one")).await.1), 1);
	assert_eq!(ids(shop.get("/v1/operations", Some("till two")).await.1), 0);
	assert!(ids(shop.get("/v1/operations", Some("till")).await.1) > 1);
	let cancel = json!({ "program": 2, "total": "10" });
	let (status, problem) = shop.post("/v1/awards/T-2/cancel", "till two", &cancel).await;
	assert_eq!(status, StatusCode::NOT_FOUND, "{problem}");
	shop.done("/v1/awards/T-2/cancel", "till one", &cancel).await;
}
