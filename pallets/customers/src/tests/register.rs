use super::mock::*;
use crate::{AccountOf, Error, Event, Person, Registration, CONSENT_LIFETIME};
use codec::{Decode, Encode};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{MemberStatus, Moment, Quota, Quotas, SuspensionCause, Tag};
use sp_core::{ed25519, Pair, H256};
use sp_runtime::{AccountId32, DispatchError, DispatchResult, MultiSignature};

/// The bank registers Ann as person 1, to be recovered, until a second from now, with this signature.
fn register_ann(signature: MultiSignature) -> DispatchResult {
	Customers::register(by(BANK), id(ANN), commitment(), tag(1), true, now() + 1_000, signature)
}

#[test]
fn a_customer_is_registered_by_its_own_signature() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		let expected = Registration {
			registrar: BANK,
			tag: tag(1),
			voucher: BANK,
			commitment: commitment(),
			may_recover: true,
		};
		assert_eq!(registration(ANN), Some(expected));
		assert_eq!(person(1, BANK), Some(Person { accounts: 1, ..Person::new(START) }));
		assert_eq!(AccountOf::<Test>::get(tag(1), BANK), Some(id(ANN)));
		assert_eq!(Customers::quota(&id(ANN)), Some(Quota { registrar: BANK, left: QUOTA }));
		last_event(Event::CustomerRegistered { account: id(ANN), institution: BANK, tag: tag(1) });
	});
}

#[test]
fn the_consent_is_what_a_wallet_signs_as_raw_bytes() {
	run(|| {
		let mut expected = b"<Bytes>hanse/register".to_vec();
		expected.extend([69; 32]);
		expected.extend(7u32.to_le_bytes());
		expected.extend(AsRef::<[u8]>::as_ref(&id(ANN)));
		expected.extend([0xcc; 32]);
		expected.extend([1; 32]);
		expected.push(1);
		expected.extend(START.to_le_bytes());
		expected.extend(b"</Bytes>");
		assert_eq!(Customers::consent(7, id(ANN), commitment(), tag(1), true, START), expected);
	});
}

#[test]
fn a_till_reads_the_consent_through_a_view_function() {
	use frame_support::view_functions::{ViewFunctionId, ViewFunctionIdPrefix};

	run(|| {
		// The suffix is derived from the signature, as metadata has it.
		let signature = "consent(InstitutionId,T::AccountId,H256,Tag,bool,Moment) -> Vec<u8>";
		let prefix = <Customers as ViewFunctionIdPrefix>::prefix();
		let suffix = sp_io::hashing::twox_128(signature.as_bytes());
		let input = (BANK, id(ANN), commitment(), tag(1), true, START).encode();
		let output = Test::execute_view_function(ViewFunctionId { prefix, suffix }, input).unwrap();
		let consent = Vec::<u8>::decode(&mut &output[..]).unwrap();
		assert_eq!(consent, Customers::consent(BANK, id(ANN), commitment(), tag(1), true, START));
	});
}

#[test]
fn a_customer_signs_with_any_kind_of_key() {
	run(|| {
		let pair = ed25519::Pair::from_seed(&[5; 32]);
		let account = AccountId32::from(pair.public());
		let until = now() + 1_000;
		let consent = Customers::consent(BANK, account.clone(), commitment(), tag(1), false, until);
		let signature = pair.sign(&consent).into();
		assert_ok!(Customers::register(by(BANK), account, commitment(), tag(1), false, until, signature));
	});
}

#[test]
fn a_stranger_is_not_registered_without_its_signature() {
	run(|| {
		let until = now() + 1_000;
		let consent = Customers::consent(BANK, id(ANN), commitment(), tag(1), true, until);
		for other in [BEN, member(BANK)] {
			assert_noop!(register_ann(other.sign(&consent).into()), Error::<Test>::BadSignature);
		}
		let nothing = MultiSignature::Sr25519([0; 64].into());
		assert_noop!(register_ann(nothing), Error::<Test>::BadSignature);
	});
}

#[test]
fn a_signature_for_anything_else_is_refused() {
	run(|| {
		let until = now() + 1_000;
		let signature = |institution, account, commitment, tag, may_recover, until| -> MultiSignature {
			ANN.sign(&Customers::consent(institution, account, commitment, tag, may_recover, until)).into()
		};
		let other: H256 = H256::repeat_byte(9);
		for wrong in [
			signature(SHOP, id(ANN), commitment(), tag(1), true, until),
			signature(BANK, id(BEN), commitment(), tag(1), true, until),
			signature(BANK, id(ANN), other, tag(1), true, until),
			signature(BANK, id(ANN), commitment(), tag(2), true, until),
			signature(BANK, id(ANN), commitment(), tag(1), false, until),
			signature(BANK, id(ANN), commitment(), tag(1), true, until + 1),
		] {
			assert_noop!(register_ann(wrong), Error::<Test>::BadSignature);
		}
		assert_ok!(register_ann(signature(BANK, id(ANN), commitment(), tag(1), true, until)));
	});
}

#[test]
fn a_signature_for_another_chain_is_refused() {
	run(|| {
		let genesis = frame_system::BlockHash::<Test>::get(0);
		frame_system::BlockHash::<Test>::insert(0, H256::repeat_byte(1));
		let elsewhere = sign(ANN, BANK, tag(1), true, now() + 1_000);
		frame_system::BlockHash::<Test>::insert(0, genesis);
		assert_noop!(register_ann(elsewhere), Error::<Test>::BadSignature);
	});
}

#[test]
fn what_was_signed_without_the_bytes_around_it_is_refused() {
	run(|| {
		let consent = Customers::consent(BANK, id(ANN), commitment(), tag(1), true, now() + 1_000);
		let bare = &consent[b"<Bytes>".len()..consent.len() - b"</Bytes>".len()];
		assert_noop!(register_ann(ANN.sign(bare).into()), Error::<Test>::BadSignature);
	});
}

fn register_until(until: Moment) -> DispatchResult {
	let signature = sign(ANN, BANK, tag(1), true, until);
	Customers::register(by(BANK), id(ANN), commitment(), tag(1), true, until, signature)
}

#[test]
fn a_consent_is_good_for_an_hour_at_most_and_not_once_it_expired() {
	run(|| {
		assert_noop!(register_until(now()), Error::<Test>::ConsentExpired);
		assert_noop!(register_until(now() + CONSENT_LIFETIME + 1), Error::<Test>::ConsentTooLong);
		assert_noop!(register_until(Moment::MAX), Error::<Test>::ConsentTooLong);
		assert_ok!(register_until(now() + CONSENT_LIFETIME));
		assert_ok!(dismiss(BANK, ANN));
		assert_ok!(register_until(now() + 1));
	});
}

#[test]
fn an_account_is_registered_once() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_noop!(register(BANK, ANN, tag(1)), Error::<Test>::AlreadyRegistered);
		assert_noop!(register(SHOP, ANN, tag(2)), Error::<Test>::AlreadyRegistered);
	});
}

#[test]
fn a_tag_has_one_account_at_each_institution() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_noop!(register(BANK, BEN, tag(1)), Error::<Test>::TagTaken);
		assert_ok!(register(SHOP, BEN, tag(1)));
		assert_ok!(register(BANK, CAT, tag(2)));
		assert_eq!((left(ANN).1, left(BEN).1), (1, 1));

		assert_ok!(unregister(ANN));
		assert_ok!(register(BANK, DAN, tag(1)));
	});
}

#[test]
fn an_account_that_was_recovered_is_never_registered_again() {
	run(|| {
		lose_key();
		pass(DELAY);
		assert_ok!(complete(ANN));
		assert_noop!(register(SHOP, ANN, tag(1)), Error::<Test>::Recovered);
	});
}

#[test]
fn only_an_active_institution_registers() {
	run(|| {
		let until = now() + 1_000;
		let stranger = |tag: Tag| {
			Customers::register(
				signed(CAT),
				id(ANN),
				commitment(),
				tag,
				true,
				until,
				sign(ANN, BANK, tag, true, until),
			)
		};
		assert_noop!(stranger(tag(1)), DispatchError::BadOrigin);
		assert_ok!(Institutions::suspend(BANK, SuspensionCause::Conduct));
		assert_noop!(register(BANK, ANN, tag(1)), pallet_institutions::Error::<Test>::NotActive);
	});
}

#[test]
fn a_registration_keeps_the_account_of_a_customer_with_nothing_else_until_it_is_forgotten() {
	run(|| {
		assert_ok!(register(BANK, DAN, tag(4)));
		let all = Balances::free_balance(id(DAN));
		assert_ok!(Balances::transfer_allow_death(signed(DAN), id(EVA), all));
		assert!(System::account_exists(&id(DAN)));
		assert_ok!(Customers::unregister(signed(DAN), id(DAN)));
		// And as long as it is remembered.
		assert!(System::account_exists(&id(DAN)));
		pass_idly(2 * hanse_primitives::DAY);
		assert!(!System::account_exists(&id(DAN)));
	});
}
