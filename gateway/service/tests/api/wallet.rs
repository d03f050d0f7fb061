//! What customers and other members sign, at their own wallets.

use crate::shop::Shop;
use hanse::runtime_types::{
	bounded_collections::bounded_vec::BoundedVec, hanse_primitives::Order,
	pallet_conduct::pallet::Call as Conduct, pallet_exchange::types::Leg,
};
use hanse_chain::{
	AccountId, Submitted, hanse,
	reads::{OrderId, Reads},
	sign,
};
use serde_json::{Value, json};
use std::time::Duration;
use subxt::{tx::Payload, utils::H256};
use subxt_signer::sr25519::Keypair;
use tokio::time::sleep;

/// The signature of bytes that the API answered.
pub fn signed(by: &Keypair, bytes: &Value) -> String {
	let bytes = hex::decode(&bytes.as_str().unwrap()[2..]).unwrap();
	format!("0x{}", hex::encode(by.sign(&bytes).0))
}

/// The order of a payment request, as the chain has it.
pub fn order(request: &Value) -> Order {
	let commitment: [u8; 32] =
		hex::decode(&request["commitment"].as_str().unwrap()[2..]).unwrap().try_into().unwrap();
	let era = u32::try_from(request["era"].as_u64().unwrap()).unwrap();
	Order { era, commitment: H256(commitment) }
}

fn units(request: &Value) -> u64 {
	request["price"]["units"].as_str().unwrap().parse().unwrap()
}

impl Shop {
	/// What a customer signs without a network for a payment request: it pays with up to `max_points` of a program.
	pub async fn slip(&self, payer: &Keypair, request: &Value, program: u16, max_points: u64) -> Value {
		let reads = Reads::new(self.node.at_final().await.unwrap());
		let Order { era, commitment } = order(request);
		let until = request["expires"].as_u64().unwrap();
		let (account, price) = (AccountId(payer.public_key().0), units(request));
		let (order, legs) = (OrderId { era, commitment: commitment.0 }, [(program, max_points)]);
		let bytes = reads.slip(1, account, order, price, &legs, until).await.unwrap();
		json!({
			"payer": account.to_string(),
			"order": request["order"],
			"era": era,
			"price": price.to_string(),
			"legs": [{ "program": program, "max_points": max_points.to_string() }],
			"until": until,
			"signature": format!("0x{}", hex::encode(payer.sign(&bytes).0)),
		})
	}

	/// What a customer's phone signs for a payment request, for the till to send.
	pub async fn payment(&self, payer: &Keypair, request: &Value, authorises: bool) -> String {
		let legs = || BoundedVec(vec![Leg { program: 1, max_points: 1_000_000 }]);
		let exchange = hanse::tx().exchange();
		match authorises {
			true => {
				self.sign(payer, &exchange.authorize(1, order(request), units(request).into(), legs())).await
			},
			false => self.sign(payer, &exchange.pay(1, order(request), units(request).into(), legs())).await,
		}
	}

	/// Signs a call with the account's next nonce.
	pub async fn sign(&self, by: &Keypair, call: &impl Payload) -> String {
		let at = self.node.at_best().await.unwrap();
		let nonce = self.node.next_nonce(AccountId(by.public_key().0)).await.unwrap();
		let call = sign::call_data(&at, call).unwrap();
		let signed = sign::sign(&at, &call, by, nonce, self.node.final_head()).unwrap();
		format!("0x{}", hex::encode(signed.bytes))
	}

	/// Signs a call, sends it, and waits until it is final.
	pub async fn sign_and_send(&self, by: &Keypair, call: &impl Payload) {
		let account = AccountId(by.public_key().0);
		let before = self.node.next_nonce(account).await.unwrap();
		let signed = self.sign(by, call).await;
		let said = self.node.submit(&hex::decode(&signed[2..]).unwrap()).await.unwrap();
		assert!(matches!(said, Submitted::Taken), "{said:?}");
		for _ in 0..150 {
			if self.node.nonce(account, self.node.final_head()).await.unwrap() > before {
				return;
			}
			sleep(Duration::from_millis(200)).await;
		}
		panic!("what {account} signed does not become final");
	}

	/// A member proposes to uphold a complaint against the second one.
	pub async fn propose(&self, by: &Keypair) {
		// Whoever proposes says how many ayes that takes, and the chain refuses another number.
		for ayes in 2..=4 {
			let uphold = hanse::Call::Conduct(Conduct::uphold_complaint { merchant: 2, number: 1 });
			self.sign_and_send(by, &hanse::tx().alliance().propose(ayes, uphold, 1_000)).await;
			let motions = self.get("/v1/motions", Some("delegate")).await.1;
			if motions["items"].as_array().is_some_and(|items| !items.is_empty()) {
				return;
			}
		}
		panic!("nothing can be proposed");
	}
}
