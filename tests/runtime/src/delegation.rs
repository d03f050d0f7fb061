//! Every call of the runtime by name: which are open to signed accounts, and to which delegates. A new call
//! is in these lists on purpose or closed.

use crate::chain::*;
use codec::Decode;
use frame_support::{
	assert_noop, assert_ok,
	traits::{Contains, GetCallMetadata, InstanceFilter},
};
use hanse_runtime::{
	configs::{CallFilter, ProxyType},
	constants::UNIT,
	Runtime, RuntimeCall,
};
use sp_keyring::Sr25519Keyring::Eve;
use sp_runtime::MultiAddress;
use std::collections::BTreeSet;

/// One value of every call, made of zeros.
pub fn all_calls() -> Vec<RuntimeCall> {
	let mut calls = Vec::new();
	for pallet in 0..=u8::MAX {
		for index in 0..=u8::MAX {
			// A key on a curve, a signature or a call inside is of variant 0 and full of zeros.
			let bytes = [&[pallet, index][..], &[0; 4096]].concat();
			if let Ok(call) = RuntimeCall::decode(&mut bytes.as_slice()) {
				calls.push(call);
			}
		}
	}
	calls
}

pub fn name_of(call: &RuntimeCall) -> String {
	let metadata = call.get_call_metadata();
	format!("{}.{}", metadata.pallet_name, metadata.function_name)
}

pub fn names(filter: impl Fn(&RuntimeCall) -> bool) -> BTreeSet<String> {
	all_calls().iter().filter(|call| filter(call)).map(name_of).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
	names.iter().map(ToString::to_string).collect()
}

#[test]
fn the_list_has_every_call_of_the_runtime() {
	let expected: BTreeSet<_> = RuntimeCall::get_module_names()
		.iter()
		.flat_map(|pallet| {
			RuntimeCall::get_call_names(pallet).iter().map(move |call| format!("{pallet}.{call}"))
		})
		.collect();
	assert_eq!(names(|_| true), expected);
	assert!(expected.len() > 100);
}

#[test]
fn each_type_of_delegate_may_make_exactly_its_calls() {
	run(|| {
		let may = |kind: ProxyType| names(|call| kind.filter(call));
		assert_eq!(may(ProxyType::Any), names(|_| true));
		assert_eq!(
			may(ProxyType::Issue),
			set(&[
				"Points.create_program",
				"Points.revise_terms",
				"Points.issue",
				"Points.issue_batch",
				"Points.cancel_award",
			])
		);
		assert_eq!(
			may(ProxyType::Cashier),
			set(&[
				"Points.cancel_award",
				"Exchange.refund",
				"Exchange.capture",
				"Exchange.void",
				"Exchange.present_slips",
			])
		);
		assert_eq!(
			may(ProxyType::Registrar),
			set(&[
				"Customers.register",
				"Customers.unregister",
				"Customers.open_recovery",
				"Customers.withdraw_recovery"
			])
		);
		assert_eq!(
			may(ProxyType::Treasury),
			set(&[
				"Clearing.accept_credit_line",
				"Clearing.request_payout",
				"Clearing.draw_down",
				"Clearing.grant_credit_line",
				"Clearing.top_up",
				"Institutions.top_up_bond",
			])
		);
		assert_eq!(
			may(ProxyType::Governance),
			set(&[
				"Alliance.close",
				"Alliance.propose",
				"Alliance.release_proposal_cost",
				"Alliance.vote",
				"Conduct.answer_complaints",
				"Conduct.open_case",
				"Supervision.disclose",
			])
		);
		assert_eq!(may(ProxyType::Authority), set(&["Authorities.operate", "Session.set_keys"]));
	});
}

#[test]
fn only_any_holds_all_the_others() {
	let all = [
		ProxyType::Any,
		ProxyType::Issue,
		ProxyType::Cashier,
		ProxyType::Registrar,
		ProxyType::Treasury,
		ProxyType::Governance,
		ProxyType::Authority,
	];
	assert_eq!(ProxyType::default(), ProxyType::Any);
	for one in all {
		for other in all {
			assert_eq!(one.is_superset(&other), one == ProxyType::Any || one == other, "{one:?} {other:?}");
		}
	}
}

#[test]
fn exactly_these_calls_are_open_to_signed_accounts() {
	run(|| {
		let open = names(CallFilter::contains);
		// Two calls of the collective depend on what is proposed and on how a motion stands: a motion of
		// zeros is not in the table of majorities, and is closed.
		assert!(!open.contains("Alliance.propose") && !open.contains("Alliance.disapprove_proposal"));
		let of = |pallet: &str| -> BTreeSet<_> {
			open.iter()
				.filter_map(|name| name.strip_prefix(&format!("{pallet}.")).map(String::from))
				.collect()
		};
		let expected: &[(&str, &[&str])] = &[
			("System", &["remark", "remark_with_event", "apply_authorized_upgrade"]),
			("Timestamp", &["set"]),
			("Balances", &["transfer_allow_death", "transfer_keep_alive", "transfer_all"]),
			("Assets", &["transfer", "transfer_keep_alive", "transfer_all"]),
			("Rulebook", &["amend", "retract", "enact", "renew"]),
			("Alliance", &["vote", "close", "release_proposal_cost"]),
			(
				"Institutions",
				&[
					"apply",
					"withdraw_application",
					"admit",
					"reject",
					"update_profile",
					"top_up_bond",
					"leave",
					"close",
					"expel",
				],
			),
			("Authorities", &["operate", "restart_finality"]),
			("Session", &["set_keys"]),
			("Grandpa", &["report_equivocation", "report_equivocation_unsigned"]),
			(
				"Clearing",
				&[
					"top_up",
					"draw_down",
					"grant_credit_line",
					"accept_credit_line",
					"report_deposit",
					"confirm_deposit",
					"attest_deposits",
					"request_payout",
					"complete_payout",
					"cancel_payout",
					"appoint_deposit_role",
				],
			),
			(
				"Points",
				&[
					"create_program",
					"issue",
					"issue_batch",
					"revise_terms",
					"cancel_award",
					"mature",
					"donate",
					"donate_all",
				],
			),
			("Exchange", &["pay", "exchange", "refund", "authorize", "capture", "void", "present_slips"]),
			(
				"Customers",
				&[
					"register",
					"unregister",
					"forget",
					"join_accounts",
					"open_recovery",
					"complete_recovery",
					"object_to_recovery",
					"withdraw_recovery",
				],
			),
			(
				"Conduct",
				&["file_complaint", "answer_complaints", "open_case", "uphold_complaint", "reverse_fine"],
			),
			(
				"Supervision",
				&[
					"appoint_supervisor",
					"dismiss_supervisor",
					"request_disclosure",
					"disclose",
					"attest_finding",
					"halt",
					"ratify_halt",
					"lift_halt",
				],
			),
			("SafeMode", &["force_enter", "force_extend", "force_exit"]),
			("TxPause", &[]),
		];
		for (pallet, calls) in expected {
			assert_eq!(of(pallet), set(calls), "{pallet}");
		}
		// What wraps other calls is open, and what it wraps is looked at in its turn.
		let known: Vec<_> =
			expected.iter().map(|(pallet, _)| *pallet).chain(["Utility", "Multisig", "Proxy"]).collect();
		for name in &open {
			let pallet = name.split('.').next().unwrap();
			assert!(known.contains(&pallet), "{name} is open and in no list");
		}
	});
}

#[test]
fn a_delegate_makes_its_calls_for_the_institution_and_no_others() {
	run(|| {
		let delegate = account(Eve);
		let add = pallet_proxy::Call::add_proxy {
			delegate: MultiAddress::Id(delegate.clone()),
			proxy_type: ProxyType::Treasury,
			delay: 0,
		};
		assert_ok!(dispatch(member(AIR), add));
		let by_proxy = |call: RuntimeCall| {
			let real = MultiAddress::Id(member(AIR));
			let proxy = pallet_proxy::Call::proxy { real, force_proxy_type: None, call: Box::new(call) };
			dispatch(delegate.clone(), proxy).unwrap();
			hanse_runtime::System::events().into_iter().rev().find_map(|record| match record.event {
				hanse_runtime::RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted { result }) => {
					Some(result)
				},
				_ => None,
			})
		};
		let before = pallet_clearing::ReserveFlowsOf::<Runtime>::get(AIR).topped_up;
		assert_eq!(by_proxy(pallet_clearing::Call::top_up { amount: UNIT }.into()), Some(Ok(())));
		assert_eq!(pallet_clearing::ReserveFlowsOf::<Runtime>::get(AIR).topped_up, before + UNIT);
		assert_eq!(by_proxy(pallet_institutions::Call::leave {}.into()), Some(Err(filtered())));
		// The delegate itself is no institution.
		assert_noop!(
			dispatch(delegate.clone(), pallet_clearing::Call::top_up { amount: UNIT }),
			sp_runtime::DispatchError::BadOrigin
		);
	});
}
