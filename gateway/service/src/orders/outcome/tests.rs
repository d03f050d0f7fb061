//! What came of operations, by events as blocks have them.

use super::*;
use crate::{
	model::{Hash, Order},
	store::Status,
};
use types::{
	pallet_points::types::awards::{OrderStatus, Skipped},
	sp_runtime::ModuleError,
};

fn operation(action: Action) -> Operation {
	Operation {
		id: String::new(),
		institution: 1,
		lane: String::new(),
		once: None,
		reference: None,
		action,
		status: Status::Sent,
		tx: None,
		place: None,
		block: None,
		extrinsic: None,
		result: None,
		error: None,
		created: 0,
		updated: 0,
	}
}

fn award(number: u8, points: u64) -> Operation {
	let order = Order { era: 1, commitment: Hash([number; 32]) };
	operation(Action::Award { program: 1, order, to: AccountId([9; 32]), points })
}

fn event(event: Event) -> BlockEvent {
	let (pallet, name, json) = (String::new(), String::new(), json!({}));
	BlockEvent { position: 0, extrinsic: Some(1), pallet, name, event: Some(event), json }
}

fn executed(result: Result<(), DispatchError>) -> BlockEvent {
	event(Event::Proxy(hanse::proxy::Event::ProxyExecuted { result }))
}

fn come_of(operations: &[Operation], events: Vec<BlockEvent>, known: &Known) -> Vec<Outcome> {
	let transaction = BlockTransaction {
		index: 1,
		hash: [0; 32],
		signer: None,
		pallet: String::new(),
		name: String::new(),
		call: None,
		succeeded: true,
		error: None,
	};
	let block = FinalBlock {
		number: 7,
		hash: [7; 32],
		parent: [6; 32],
		time: 0,
		spec_version: 1,
		transactions: vec![transaction.clone()],
		events,
		readings: Default::default(),
	};
	let metadata =
		Metadata::decode_from(include_bytes!("../../../../../clients/sdk/metadata.scale")).unwrap();
	outcomes(operations, &block, &transaction, known, Some(&metadata))
}

/// An error of the pallet of points, by its place in the list of its errors.
fn of_points(name: &str, field: u16) -> DispatchError {
	let metadata =
		Metadata::decode_from(include_bytes!("../../../../../clients/sdk/metadata.scale")).unwrap();
	let pallet = metadata.pallet_by_name("Points").unwrap();
	let variant = pallet.error_variants().unwrap().iter().find(|one| one.name == name).unwrap();
	let [low, high] = field.to_le_bytes();
	let index = pallet.error_index();
	DispatchError::Module(ModuleError { index, error: [variant.index, low, high, 0] })
}

#[test]
fn an_order_that_was_served_before_is_final_if_the_amount_is_the_same() {
	let skipped = [1, 2, 3].map(|place| Skipped { place, order: H256([place as u8; 32]) }).to_vec();
	let events = vec![
		event(Event::Points(hanse::points::Event::AwardsSkipped {
			program: 1,
			batch: H256([0; 32]),
			skipped,
		})),
		executed(Ok(())),
	];
	let mut known = Known::default();
	for (order, place) in [
		(1, AwardPlace::Pending { amount: 5, until: 0 }),
		(2, AwardPlace::Pending { amount: 6, until: 0 }),
		(3, AwardPlace::Minted),
	] {
		known.awarded.insert((1, Hash([order; 32])), OrderStatus { era: 1, asset: 4, place });
	}
	let come = come_of(&[award(0, 5), award(1, 5), award(2, 5), award(3, 5)], events.clone(), &known);
	assert!(matches!(come[0], Outcome::Done(_)) && matches!(come[1], Outcome::Done(_)));
	let Outcome::Refused(problem) = &come[2] else { panic!("{come:?}") };
	assert_eq!((problem.kind.as_str(), problem.status), ("urn:hanse:points.AlreadyIssued", 409));
	assert!(matches!(&come[3], Outcome::Done(result) if result["served_before"] == true));
	known.issued.insert((1, Hash([3; 32])), 6);
	let come = come_of(&[award(0, 5), award(1, 5), award(2, 5), award(3, 5)], events, &known);
	let Outcome::Refused(problem) = &come[3] else { panic!("{come:?}") };
	assert!(problem.detail.contains('6'), "{}", problem.detail);
}

#[test]
fn a_batch_that_is_too_much_together_goes_in_halves_and_one_alone_fails() {
	let too_much = || vec![executed(Err(of_points("OverLiabilityCap", 0)))];
	let come = come_of(&[award(1, 5), award(2, 5), award(3, 5)], too_much(), &Known::default());
	assert_eq!(come, vec![Outcome::Again(Some(2)); 3]);
	let come = come_of(&[award(1, 5)], too_much(), &Known::default());
	assert!(matches!(&come[0], Outcome::Refused(problem) if problem.retryable));
}

#[test]
fn of_a_batch_with_a_bad_award_only_that_one_fails() {
	let events = vec![executed(Err(of_points("BadAward", 1)))];
	let come = come_of(&[award(1, 5), award(2, 0), award(3, 5)], events, &Known::default());
	assert_eq!((&come[0], &come[2]), (&Outcome::Again(None), &Outcome::Again(None)));
	assert!(matches!(&come[1], Outcome::Refused(_)));
}

#[test]
fn of_calls_that_are_made_together_each_has_its_own_outcome() {
	use hanse::utility::Event as Item;
	let refund = || {
		let order = Order { era: 1, commitment: Hash([1; 32]) };
		operation(Action::Refund { payer: AccountId([1; 32]), order, total: 5 })
	};
	let events = vec![
		executed(Ok(())),
		event(Event::Utility(Item::ItemCompleted)),
		executed(Err(of_points("NotFound", 0))),
		event(Event::Utility(Item::ItemCompleted)),
	];
	let come = come_of(&[refund(), refund()], events.clone(), &Known::default());
	assert!(matches!((&come[0], &come[1]), (Outcome::Done(_), Outcome::Refused(_))));
	let come = come_of(&[refund(), refund(), refund()], events, &Known::default());
	assert_eq!(come, vec![Outcome::Unknown; 3]);
}

#[test]
fn what_the_delegate_calls_for_itself_is_done_without_a_word_of_the_proxy() {
	use hanse::utility::Event as Item;
	let own = operation(Action::CompleteRecovery { old: AccountId([1; 32]) });
	let withdraw = operation(Action::WithdrawRecovery { old: AccountId([1; 32]) });
	let come = come_of(std::slice::from_ref(&own), Vec::new(), &Known::default());
	assert!(matches!(come[0], Outcome::Done(_)));
	let events = vec![
		executed(Err(of_points("NotFound", 0))),
		event(Event::Utility(Item::ItemCompleted)),
		event(Event::Utility(Item::ItemCompleted)),
	];
	let come = come_of(&[withdraw, own], events, &Known::default());
	assert!(matches!((&come[0], &come[1]), (Outcome::Refused(_), Outcome::Done(_))));
}
