//! Payments without a network: customers sign on their phones, with whatever key they have, and the merchant
//! presents what they signed.

use crate::{
	chain::*,
	wallet::{give, Wallet},
	weights::covers,
};
use codec::Encode;
use frame_support::{assert_ok, dispatch::GetDispatchInfo};
use hanse_primitives::{Balance, InstitutionId, Moment, Order, ProgramId};
use hanse_runtime::{
	configs::ProxyType,
	constants::{CENT, UNIT},
	native,
	reads::runtime_decl_for_hanse_api::HanseApiV1,
	AccountId, Customers, Exchange, Rulebook, Runtime, RuntimeCall, RuntimeEvent, Signature, Supervision,
	System, Timestamp,
};
use pallet_exchange::{Error, Event, MAX_SLIPS};
use pallet_supervision::Target;
use sp_core::{ecdsa, ed25519, sr25519, Pair, H256};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::{
	traits::IdentifyAccount, transaction_validity::TransactionSource, DispatchError, MultiAddress,
	MultiSigner,
};

type Slip = pallet_exchange::Slip<AccountId, Signature>;

/// A key of one of the three kinds that wallets have.
#[derive(Clone)]
#[allow(clippy::large_enum_variant)]
enum Phone {
	Sr25519(sr25519::Pair),
	Ed25519(ed25519::Pair),
	Ecdsa(ecdsa::Pair),
}

impl Phone {
	fn sr25519(number: u8) -> Self {
		Self::Sr25519(Pair::from_seed(&[number; 32]))
	}

	fn of_each_kind() -> [Self; 3] {
		let seed = [99; 32];
		[
			Self::Sr25519(Pair::from_seed(&seed)),
			Self::Ed25519(Pair::from_seed(&seed)),
			Self::Ecdsa(Pair::from_seed(&seed)),
		]
	}

	fn account(&self) -> AccountId {
		let signer: MultiSigner = match self {
			Self::Sr25519(pair) => pair.public().into(),
			Self::Ed25519(pair) => pair.public().into(),
			Self::Ecdsa(pair) => pair.public().into(),
		};
		signer.into_account()
	}

	fn signs(&self, bytes: &[u8]) -> Signature {
		match self {
			Self::Sr25519(pair) => pair.sign(bytes).into(),
			Self::Ed25519(pair) => pair.sign(bytes).into(),
			Self::Ecdsa(pair) => pair.sign(bytes).into(),
		}
	}

	/// Becomes a customer of an institution by its own consent.
	fn joins(&self, institution: InstitutionId) {
		let (account, commitment, until) = (self.account(), H256::zero(), Timestamp::get() + 60_000);
		let tag = H256(sp_io::hashing::blake2_256(account.as_ref()));
		let consent = Customers::consent(institution, account.clone(), commitment, tag, true, until);
		let signature = self.signs(&consent);
		let call = pallet_customers::Call::register {
			account,
			commitment,
			tag,
			may_recover: true,
			until,
			signature,
		};
		dispatch(member(institution), call).unwrap();
	}

	/// A slip of an order, as the phone asks the chain for the bytes before it goes off.
	fn slip(
		&self,
		merchant: InstitutionId,
		order: Order,
		price: Balance,
		legs: &[(ProgramId, Balance)],
		until: Moment,
	) -> Slip {
		let (payer, legs) = (self.account(), legs_of(legs));
		let bytes = Runtime::slip(merchant, payer.clone(), order, price, legs.clone(), until);
		Slip { payer, order, price, legs, until, signature: self.signs(&bytes) }
	}
}

fn presents(merchant: InstitutionId, slips: Vec<Slip>) -> (Vec<(u32, DispatchError)>, u32) {
	System::reset_events();
	assert_ok!(dispatch(member(merchant), present(slips)));
	let (mut refused, mut paid) = (Vec::new(), 0);
	for record in System::events() {
		match record.event {
			RuntimeEvent::Exchange(Event::SlipRefused { place, reason, .. }) => refused.push((place, reason)),
			RuntimeEvent::Exchange(Event::SlipsPresented { paid: so_many, .. }) => paid = so_many,
			_ => {},
		}
	}
	(refused, paid)
}

fn present(slips: Vec<Slip>) -> RuntimeCall {
	pallet_exchange::Call::present_slips { slips: slips.try_into().unwrap() }.into()
}

/// Good for as long as a slip may be.
fn until() -> Moment {
	Timestamp::get() + Rulebook::rules().slip_lifetime
}

/// An airline's program, and a customer of the airline with so many units of it.
fn customer(number: u8, units: Balance) -> (ProgramId, Phone) {
	let sky = program(AIR, TERMS);
	let ann = Phone::sr25519(number);
	ann.joins(AIR);
	issue(AIR, sky, &[ann.account()], units * 100, 1_000);
	(sky, ann)
}

#[test]
fn a_key_of_any_kind_signs_and_the_customer_needs_no_network_no_nonce_and_no_quota() {
	run(|| {
		let sky = program(AIR, TERMS);
		let phones = Phone::of_each_kind();
		let accounts: Vec<_> = phones.iter().map(Phone::account).collect();
		phones.iter().for_each(|phone| phone.joins(AIR));
		issue(AIR, sky, &accounts, 1_000, 1);
		let nonces = || accounts.iter().map(System::account_nonce).collect::<Vec<_>>();
		let before = nonces();
		let slips =
			phones.iter().map(|phone| phone.slip(BOOKS, order(1), UNIT, &[(sky, 100)], until())).collect();
		assert_eq!(presents(BOOKS, slips), (vec![], 3));
		assert_eq!(nonces(), before);
		for account in accounts.clone() {
			assert_eq!(Exchange::receipt(BOOKS, account.clone(), order(1)).unwrap().price, UNIT);
			let customer = Customers::customer(account).unwrap();
			assert_eq!(customer.sponsored_left, Rulebook::rules().sponsor_quota);
			// The limit counts.
			assert_eq!(customer.left, Rulebook::rules().customer_limit - UNIT);
		}
	});
}

#[test]
fn what_is_refused_is_named_and_the_rest_of_its_batch_is_served() {
	run(|| {
		let (sky, ann) = customer(1, 2_000);
		let (poor, stranger, thief) = (Phone::sr25519(2), Phone::sr25519(3), Phone::sr25519(4));
		poor.joins(BOOKS);
		let legs = [(sky, 1_000_000)];
		let good = |number| ann.slip(BOOKS, order(number), UNIT, &legs, until());
		let limit = Rulebook::rules().customer_limit;
		let stolen = {
			let Slip { order, price, legs, until, .. } = good(7);
			let payer = ann.account();
			let bytes = Exchange::slip(BOOKS, payer.clone(), order, price, legs.clone(), until);
			Slip { payer, order, price, legs, until, signature: thief.signs(&bytes) }
		};
		let of_another_chain = {
			let genesis = System::block_hash(0);
			frame_system::BlockHash::<Runtime>::insert(0, H256::repeat_byte(1));
			let slip = good(8);
			frame_system::BlockHash::<Runtime>::insert(0, genesis);
			slip
		};
		let slips = vec![
			good(1),
			good(1),
			ann.slip(AIR, order(2), UNIT, &legs, until()),
			ann.slip(BOOKS, order(3), UNIT, &legs, Timestamp::get()),
			ann.slip(BOOKS, order(4), UNIT, &legs, until() + 1),
			poor.slip(BOOKS, order(5), UNIT, &legs, until()),
			stranger.slip(BOOKS, order(5), UNIT, &legs, until()),
			ann.slip(BOOKS, order(6), limit, &legs, until()),
			Slip { price: 2 * UNIT, ..good(6) },
			stolen,
			of_another_chain,
			ann.slip(BOOKS, Order { era: era() + 1, ..order(9) }, UNIT, &legs, until()),
			ann.slip(BOOKS, order(9), CENT - 1, &legs, until()),
			good(10),
		];
		use pallet_customers::Error as Customer;
		let named: Vec<(u32, DispatchError)> = vec![
			(1, Error::<Runtime>::AlreadyPaid.into()),
			(2, Error::<Runtime>::BadSignature.into()),
			(3, Error::<Runtime>::SlipExpired.into()),
			(4, Error::<Runtime>::SlipTooLong.into()),
			(5, Error::<Runtime>::PriceNotCovered.into()),
			(6, Customer::<Runtime>::NotRegistered.into()),
			(7, Customer::<Runtime>::OverLimit.into()),
			(8, Error::<Runtime>::BadSignature.into()),
			(9, Error::<Runtime>::BadSignature.into()),
			(10, Error::<Runtime>::BadSignature.into()),
			(11, Error::<Runtime>::EraNotOpen.into()),
			(12, Error::<Runtime>::PriceTooLow.into()),
		];
		assert_eq!(presents(BOOKS, slips), (named, 2));
	});
}

#[test]
fn a_slip_is_worth_one_payment_whatever_becomes_of_it() {
	run(|| {
		let (sky, ann) = customer(1, 100);
		let slip = ann.slip(BOOKS, order(1), UNIT, &[(sky, 1_000)], until());
		let again = |error: Error<Runtime>| (vec![(0, DispatchError::from(error))], 0);
		assert_eq!(presents(BOOKS, vec![slip.clone()]), (vec![], 1));
		assert_eq!(presents(BOOKS, vec![slip.clone()]), again(Error::AlreadyPaid));
		assert_ok!(dispatch(member(BOOKS), refund(&ann.account(), order(1), UNIT)));
		assert_eq!(presents(BOOKS, vec![slip.clone()]), again(Error::AlreadyPaid));
		// Nor is the order paid by the customer itself, and the other way round.
		assert!(dispatch(ann.account(), payment(BOOKS, 1, UNIT, &[(sky, 1_000)])).is_err());
		assert_ok!(dispatch(ann.account(), payment(BOOKS, 2, UNIT, &[(sky, 1_000)])));
		let second = ann.slip(BOOKS, order(2), UNIT, &[(sky, 1_000)], until());
		assert_eq!(presents(BOOKS, vec![second]), again(Error::AlreadyPaid));
		block_at(slip.until, vec![]);
		assert_eq!(presents(BOOKS, vec![slip]), again(Error::SlipExpired));
	});
}

#[test]
fn the_slip_of_a_halted_customer_is_refused_by_name() {
	run(|| {
		let (sky, ann) = customer(1, 100);
		let watch = stranger(7);
		let appoint = pallet_supervision::Call::appoint_supervisor {
			account: watch.clone(),
			level: pallet_supervision::Level::Halt,
			scope: pallet_supervision::Scope::All,
			until: START + 300 * DAY,
		};
		let vote = hanse_runtime::RuntimeOrigin::from(pallet_collective::RawOrigin::Members(4, 4));
		use sp_runtime::traits::Dispatchable;
		assert_ok!(RuntimeCall::from(appoint).dispatch(vote));
		let (target, reason) = (Target::Customer(ann.account()), H256::zero());
		assert_ok!(dispatch(watch, pallet_supervision::Call::halt { target, length: DAY, reason }));
		let slip = ann.slip(BOOKS, order(1), UNIT, &[(sky, 1_000)], until());
		let (refused, paid) = presents(BOOKS, vec![slip]);
		use hanse_primitives::Halts;
		let error = Supervision::ensure_may_leave(&ann.account(), sky).unwrap_err();
		assert_eq!((refused, paid), (vec![(0, error)], 0));
	});
}

#[test]
fn a_key_that_signs_a_slip_is_not_lost() {
	run(|| {
		let (sky, ann) = customer(1, 100);
		let (old, new) = (ann.account(), crate::wallet::Wallet::new(8));
		let vintages = vec![hanse_primitives::asset_id(sky, 0)];
		assert_ok!(dispatch(member(AIR), crate::wallet::recovering(AIR, &old, &new, vintages)));
		let is_open = || pallet_customers::Recoveries::<Runtime>::contains_key(&old);
		assert!(is_open());
		// Not by a slip that another key signed, and by one that is refused for its price.
		let forged =
			Slip { payer: old.clone(), ..Phone::sr25519(2).slip(BOOKS, order(1), UNIT, &[], until()) };
		presents(BOOKS, vec![forged]);
		assert!(is_open());
		presents(BOOKS, vec![ann.slip(BOOKS, order(1), 0, &[], until())]);
		assert!(!is_open());
	});
}

/// Run with the weights of all other calls.
pub fn slips_of_every_kind_write_no_more_than_they_declare() {
	run(|| {
		let sky = program(AIR, TERMS);
		let star = program(AIR, TERMS);
		let phones: Vec<_> = (1..=40).map(Phone::sr25519).chain(Phone::of_each_kind()).collect();
		let accounts: Vec<_> = phones.iter().map(Phone::account).collect();
		phones.iter().for_each(|phone| phone.joins(AIR));
		issue(AIR, sky, &accounts, 50, 1);
		issue(AIR, star, &accounts, 50, 1_001);
		// All that each has of two programs, so that no entry stays; the first one again, which is refused.
		let legs = [(sky, 50), (star, 50)];
		let mut slips: Vec<_> =
			phones.iter().map(|phone| phone.slip(BOOKS, order(1), UNIT, &legs, until())).collect();
		covers(member(BOOKS), present(vec![slips[0].clone()]));
		slips.rotate_left(1);
		covers(member(BOOKS), present(slips));
		assert_eq!(pallet_exchange::Receipts::<Runtime>::iter().count(), phones.len());
	});
}

#[test]
fn as_many_slips_of_one_program_as_a_call_takes_fit_in_a_block() {
	run(|| {
		let (sky, ann) = customer(1, 100);
		let slip = ann.slip(BOOKS, order(1), UNIT, &[(sky, 100)], until());
		let call = present(vec![slip; MAX_SLIPS as usize]);
		let limits = <Runtime as frame_system::Config>::BlockWeights::get();
		let most = limits.get(frame_support::dispatch::DispatchClass::Normal).max_extrinsic.unwrap();
		let declared = call.get_dispatch_info().call_weight;
		assert!(declared.all_lte(most), "{declared} of {most}");
	});
}

/// What a node verifies when a transaction comes, and remembers until it is in a block.
#[test]
fn the_signatures_of_a_transaction_and_of_its_slips_are_found_however_these_are_presented() {
	run(|| {
		let (sky, ann) = customer(1, 2_000);
		let cashier = Wallet::new(77);
		give(&cashier.account(), UNIT);
		let (who, proxy_type) = (MultiAddress::Id(cashier.account()), ProxyType::Cashier);
		assert_ok!(dispatch(
			member(BOOKS),
			pallet_proxy::Call::add_proxy { delegate: who, proxy_type, delay: 0 }
		));
		let slip = |number| ann.slip(BOOKS, order(number), CENT, &[(sky, 1_000)], until());
		let batch = |calls| pallet_utility::Call::batch { calls }.into();
		let by_cashier = |call: RuntimeCall| {
			let real = MultiAddress::Id(member(BOOKS));
			pallet_proxy::Call::proxy { real, force_proxy_type: None, call: Box::new(call) }.into()
		};
		let bob = Wallet::of(Bob);
		let found = |wallet: &Wallet, call: RuntimeCall| {
			let question = (TransactionSource::External, wallet.signs(call), H256::zero()).encode();
			native::validate(&question).unwrap()
		};
		let is_right = |it: &native::Signed| sr25519::Pair::verify(&it.signature, &it.message, &it.signer);
		for (wallet, call, slips) in [
			(&bob, frame_system::Call::remark { remark: vec![1; 500] }.into(), 0),
			(&bob, present(vec![slip(1), slip(2)]), 2),
			(&bob, batch(vec![present(vec![slip(1)]), present(vec![slip(2), slip(3)])]), 3),
			(&cashier, by_cashier(batch(vec![present(vec![slip(1), slip(2)])])), 2),
		] {
			let validated = found(wallet, call);
			assert!(validated.validity.is_ok(), "{:?}", validated.validity);
			let own = validated.own.unwrap();
			assert!(is_right(&own) && own.signer.0 == <[u8; 32]>::from(wallet.account()));
			assert_eq!(validated.slips.len(), slips);
			assert!(validated.slips.iter().all(is_right));
		}
		// Of another merchant they are not: each is for the one who presents it.
		let stolen = found(&Wallet::of(Alice), present(vec![slip(1)]));
		assert!(!is_right(&stolen.slips[0]));
		// What is not valid was not verified.
		let mut forged = bob.signs(present(vec![slip(1)]));
		if let sp_runtime::generic::Preamble::Signed(_, signature, _) = &mut forged.preamble {
			*signature = Alice.sign(b"something else").into();
		}
		let question = (TransactionSource::External, forged, H256::zero()).encode();
		let refused = native::validate(&question).unwrap();
		assert!(refused.validity.is_err() && refused.own.is_none() && refused.slips.is_empty());
	});
}
