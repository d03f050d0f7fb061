//! How members decide.

use crate::{done, short, state};
use codec::{Decode, Encode};
use hanse_primitives::{Motions, Notice};
use sp_core::H256;
use sp_runtime::DispatchResult;

state! {
	/// The motions that are open, and those of them that have their majority.
	Open: Vec<H256> = Vec::new();
	Carried: Vec<H256> = Vec::new();
	/// What was decided and waits for its notice, encoded.
	Waiting: Vec<Vec<u8>> = Vec::new();
}

impl Motions<H256> for Open {
	short! {
		fn open() -> Vec<H256> = Open::get();
		fn lapse(motion: &H256) =
			Open::mutate(|all| all.retain(|other| other != motion || Carried::get().contains(motion)));
		fn end_outdated(motion: &H256) -> bool = {
			let is_outdated = Open::get().contains(motion) && Carried::get().contains(motion);
			Open::mutate(|all| all.retain(|other| !(is_outdated && other == motion)));
			is_outdated
		};
	}
}

/// What the members decided and what has not taken effect.
pub struct Announced<Call>(core::marker::PhantomData<Call>);
impl<Call: Decode> Announced<Call> {
	/// All of it; it waits no more.
	pub fn take() -> Vec<Call> {
		let decode = |call: Vec<u8>| Call::decode(&mut &call[..]).expect("a call was announced");
		Waiting::take().into_iter().map(decode).collect()
	}
}

impl<Call: Encode> Notice<Call> for Announced<Call> {
	short! {
		fn announce(call: Call) -> DispatchResult = done(Waiting::mutate(|all| all.push(call.encode())));
	}
}
