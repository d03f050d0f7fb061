//! Every example of the document, taken out of it, made of a real gateway in the order in which they can be made.
//!
//! Only what nobody can write down beforehand is made anew: signatures of wallets, moments, ids. With
//! `HANSE_WRITE_EXAMPLES=1` the answers are written into the document's examples.

use crate::{
	schema,
	shop::Shop,
	wallet::{order, signed},
};
use hanse_chain::hanse;
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use subxt::utils::{AccountId32, H256};
use subxt_signer::sr25519::dev;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/docs/examples.json");

/// Examples by operation and name: who makes it, and whether all before it are to be over first.
struct Step(&'static str, &'static str, Option<&'static str>, bool);

const fn now(operation: &'static str, name: &'static str, role: &'static str) -> Step {
	Step(operation, name, Some(role), false)
}

const fn then(operation: &'static str, name: &'static str, role: &'static str) -> Step {
	Step(operation, name, Some(role), true)
}

const fn anybody(operation: &'static str, name: &'static str) -> Step {
	Step(operation, name, None, false)
}

const STEPS: &[Step] = &[
	anybody("getHealthLive", "runs"),
	anybody("getHealthReady", "ready"),
	now("getMetrics", "figures", "reader"),
	now("postPrograms", "program", "issuer"),
	then("postPrograms", "with a return window", "issuer"),
	now("postCustomersConsents", "consent", "registrar"),
	now("postCustomers", "customer", "registrar"),
	now("postCustomersImport", "table", "registrar"),
	now("putLinesByDebtor", "line", "treasurer"),
	now("putAcceptedLinesByCreditor", "line", "treasurer"),
	now("postReserveTopUp", "sum", "treasurer"),
	then("getCustomers", "first", "registrar"),
	now("getCustomersByReference", "customer", "reader"),
	anybody("getPrograms", "all"),
	now("postAwards", "one", "issuer"),
	now("postAwards", "many", "issuer"),
	now("postAwards", "lines", "issuer"),
	now("postAwards", "table", "till"),
	now("patchProgramsByProgram", "terms", "issuer"),
	now("postReserveDrawDown", "sum", "treasurer"),
	now("postReserveDefund", "sum", "treasurer"),
	now("postAwards", "waited for", "issuer"),
	then("getCustomersByReferenceHoldings", "customer", "till"),
	now("postAwardsByOrderCancel", "in part", "till"),
	now("getCustomersByReferenceRecords", "customer", "reader"),
	anybody("getPublicAccountsByAddressHistory", "customer"),
	now("postWebhooks", "payments", "admin"),
	now("postPaymentRequests", "order", "till"),
	now("postPaymentsSlips", "slip", "till"),
	now("postPaymentsSlips", "many", "till"),
	now("postPaymentsRelay", "payment", "till"),
	then("postPaymentsRelay", "authorisation", "till"),
	then("getPaymentRequestsById", "paid", "till"),
	now("getPaymentRequests", "first", "till"),
	now("postPaymentsByOrderRefunds", "in part", "till"),
	now("postAuthorisationsByOrderCapture", "in part", "till"),
	then("postAuthorisationsByOrderVoid", "rest", "till"),
	now("getStatementsByPeriod", "json", "reader"),
	now("getStatementsByPeriod", "csv", "reader"),
	now("getStatementsPositions", "now", "reader"),
	now("getStatementsLiability", "now", "treasurer"),
	now("getStatementsCycles", "first", "reader"),
	now("getStatementsFees", "first", "reader"),
	now("getComplaints", "open", "delegate"),
	now("postComplaintsAnswers", "answer", "delegate"),
	now("getDisclosures", "open", "delegate"),
	now("postDisclosuresByRequest", "document", "delegate"),
	now("getMotions", "open", "delegate"),
	now("postMotionsByMotionVotes", "aye", "delegate"),
	anybody("getPublicNetwork", "chain"),
	anybody("getAlliance", "all"),
	anybody("getRules", "all"),
	anybody("getStandingByInstitution", "own"),
	anybody("getAuthorities", "all"),
	now("getOperations", "first", "reader"),
	now("getOperationsById", "award", "issuer"),
	now("getWebhooks", "all", "admin"),
	now("getWebhooksById", "endpoint", "admin"),
	now("getWebhooksByIdDeliveries", "waiting", "admin"),
	now("postWebhooksByIdReplay", "again", "admin"),
	now("postWebhooksByIdSecret", "another", "admin"),
	now("deleteWebhooksById", "endpoint", "admin"),
	now("getEvents", "from the start", "analyst"),
	now("getExportByTable", "events", "analyst"),
	anybody("postSignInChallenges", "wallet"),
	anybody("postSignIn", "wallet"),
	now("getSignIn", "session", "session"),
	now("deleteSignIn", "session", "session"),
	now("postCustomersByReferenceRecoveriesAcceptances", "new account", "registrar"),
	now("postCustomersByReferenceRecoveries", "new account", "registrar"),
	then("postCustomersByReferenceRecoveriesComplete", "pieces", "registrar"),
	now("deleteCustomersByReferenceRecoveries", "recovery", "registrar"),
	then("deleteCustomersByReference", "customer", "registrar"),
];

/// What the chain refuses, since what it needs is not there: nobody asked for it, or its time has not come.
const REFUSED: [&str; 2] = ["postDisclosuresByRequest", "postCustomersByReferenceRecoveriesComplete"];

struct Run<'a> {
	shop: &'a Shop,
	document: Value,
	/// The last answer of each operation.
	answers: HashMap<&'static str, Value>,
	/// Operations that are begun and not looked at since, each with the name of its route.
	open: Vec<(&'static str, String)>,
	/// As they were made and answered.
	made: Vec<(&'static Step, Example, Value)>,
}

/// An example as the document has it.
#[derive(Clone)]
struct Example {
	method: String,
	path: String,
	places: HashMap<String, String>,
	parameters: Map<String, Value>,
	body: Option<(String, Value)>,
	status: u16,
	schema: Value,
	answer_media: Option<String>,
}

pub async fn run(shop: &Shop) {
	let document = shop.get("/openapi.json", None).await.1;
	let writes = std::env::var_os("HANSE_WRITE_EXAMPLES").is_some();
	let mut run = Run { shop, document, answers: HashMap::new(), open: Vec::new(), made: Vec::new() };
	let named: Vec<_> = STEPS.iter().map(|step| (step.0.to_owned(), step.1.to_owned())).collect();
	for one in written() {
		assert!(named.contains(&one), "{one:?} is not made");
	}
	for step in STEPS {
		run.make(step, writes).await;
	}
	run.settle().await;
	for (_, methods) in run.document["paths"].as_object().unwrap() {
		for (_, operation) in methods.as_object().unwrap() {
			let name = operation["operationId"].as_str().unwrap();
			assert!(STEPS.iter().any(|step| step.0 == name), "{name} has no example");
		}
	}
	if writes {
		run.write();
	}
	println!("{} examples of the document were made, and answered as it says", run.made.len());
}

/// Operation and name of each example of the file.
fn written() -> Vec<(String, String)> {
	let examples: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
	let text = |value: &Value| value.as_str().unwrap().to_owned();
	examples.iter().map(|one| (text(&one["operation"]), text(&one["name"]))).collect()
}

impl Run<'_> {
	async fn make(&mut self, step: &'static Step, writes: bool) {
		let Step(operation, name, role, settled) = step;
		if *settled {
			self.settle().await;
		}
		let mut example = self.find(operation, name);
		self.renew(operation, name, &mut example).await;
		let answer = self.send(operation, &example, *role).await;
		let answer = match answer {
			Value::String(text) => {
				Value::String(text.lines().take(2).fold(String::new(), |all, line| all + line + "\n"))
			},
			other => other,
		};
		if !writes && let Some(documented) = self.documented(operation, name, &example) {
			let faults = schema::faults(&self.document, &example.schema, &documented);
			assert!(faults.is_empty(), "the answer that {operation} ({name}) shows: {faults:?}");
		}
		let faults = schema::faults(&self.document, &example.schema, &answer);
		assert!(faults.is_empty(), "{operation} ({name}) answers otherwise than it says: {faults:?}");
		self.begun(operation, &answer);
		self.answers.insert(operation, answer.clone());
		self.made.push((step, example, answer));
	}

	/// Notes what was begun.
	fn begun(&mut self, operation: &'static str, answer: &Value) {
		let lines = answer["results"].as_array().cloned().unwrap_or_default();
		for one in lines.iter().map(|line| &line["operation"]).chain([answer]) {
			if one["kind"].is_string() && one["status"] != "final" {
				self.open.push((operation, one["id"].as_str().unwrap().to_owned()));
			}
		}
	}

	/// Waits until everything that was begun is over, as it should be.
	async fn settle(&mut self) {
		for (route, id) in std::mem::take(&mut self.open) {
			let over = self.shop.finished(&id).await;
			let expected = if REFUSED.contains(&route) { "failed" } else { "final" };
			assert_eq!(over["status"], expected, "{route}: {over}");
		}
	}

	fn find(&self, operation: &str, name: &str) -> Example {
		let paths = self.document["paths"].as_object().unwrap();
		let (path, method, found) = paths
			.iter()
			.flat_map(|(path, methods)| {
				methods.as_object().unwrap().iter().map(move |(method, one)| (path, method, one))
			})
			.find(|(.., one)| one["operationId"] == operation)
			.unwrap_or_else(|| panic!("there is no operation {operation}"));
		let (mut parameters, mut places) = (Map::new(), HashMap::new());
		for parameter in found["parameters"].as_array().into_iter().flatten() {
			let key = parameter["name"].as_str().unwrap().to_owned();
			if let Some(example) = parameter["examples"].get(name) {
				places.insert(key.clone(), parameter["in"].as_str().unwrap().to_owned());
				parameters.insert(key, example["value"].clone());
			}
		}
		let body =
			found["requestBody"]["content"].as_object().into_iter().flatten().find_map(|(media, content)| {
				Some((media.clone(), content["examples"].get(name)?["value"].clone()))
			});
		let file: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
		let listed = file.iter().find(|one| one["operation"] == operation && one["name"] == name);
		let status = listed.expect("an example")["status"].as_u64().unwrap();
		let response = &found["responses"][status.to_string()];
		assert!(response.is_object(), "{operation} does not say that it answers {status}");
		let wanted = listed.and_then(|one| one["answer_media"].as_str()).unwrap_or("application/json");
		let content = &response["content"][wanted];
		Example {
			method: method.clone(),
			path: path.clone(),
			places,
			parameters,
			body,
			status: u16::try_from(status).unwrap(),
			schema: content["schema"].clone(),
			answer_media: content.is_object().then(|| wanted.to_owned()),
		}
	}

	/// The answer that the document shows.
	fn documented(&self, operation: &str, name: &str, example: &Example) -> Option<Value> {
		let found = &self.document["paths"][&example.path][&example.method];
		let media = example.answer_media.as_ref()?;
		let content = &found["responses"][example.status.to_string()]["content"][media];
		let shown = content["examples"].get(name).map(|shown| shown["value"].clone());
		Some(shown.unwrap_or_else(|| panic!("{operation} ({name}) shows no answer: HANSE_WRITE_EXAMPLES=1")))
	}

	async fn send(&self, operation: &str, example: &Example, role: Option<&str>) -> Value {
		let mut target = example.path.clone();
		let mut query = Vec::new();
		for (name, value) in &example.parameters {
			let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
			match example.places[name].as_str() {
				"path" => target = target.replace(&format!("{{{name}}}"), &text),
				"query" => query.push(format!("{name}={text}")),
				_ => {},
			}
		}
		if !query.is_empty() {
			target = format!("{target}?{}", query.join("&"));
		}
		let key = match role {
			Some("session") => Some(self.answers["postSignIn"]["key"].as_str().unwrap()),
			Some(role) => Some(self.shop.keys[role].as_str()),
			None => None,
		};
		let method = Method::from_bytes(example.method.to_uppercase().as_bytes()).unwrap();
		let mut request = self.shop.request(method, &target, key);
		for (name, value) in example.parameters.iter().filter(|(name, _)| example.places[*name] == "header") {
			request = request.header(name.as_str(), value.as_str().unwrap());
		}
		if !example.parameters.contains_key("Idempotency-Key") {
			request = request.header("idempotency-key", uuid::Uuid::now_v7().to_string());
		}
		if let Some((media, body)) = &example.body {
			let text = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
			request = request.header("content-type", media).body(text);
		}
		let mut answer = request.send().await.unwrap();
		let status = answer.status().as_u16();
		if status != example.status {
			panic!("{operation} answers {status}: {}", answer.text().await.unwrap());
		}
		let Some(media) = &example.answer_media else { return Value::Null };
		let said = answer.headers()["content-type"].to_str().unwrap().split(';').next().unwrap().to_owned();
		assert_eq!(said, *media, "{operation}");
		match media.as_str() {
			"application/json" => answer.json().await.unwrap(),
			// It goes on as long as somebody listens.
			"text/event-stream" => {
				let first = answer.chunk().await.unwrap().unwrap();
				Value::String(String::from_utf8(first.to_vec()).unwrap())
			},
			_ => Value::String(answer.text().await.unwrap()),
		}
	}

	/// Writes examples with what was made and answered.
	fn write(&self) {
		let mut examples: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
		for (step, example, answer) in &self.made {
			let one =
				examples.iter_mut().find(|one| one["operation"] == step.0 && one["name"] == step.1).unwrap();
			if !example.parameters.is_empty() {
				one["parameters"] = example.parameters.clone().into();
			}
			if let Some((_, body)) = &example.body {
				one["body"] = body.clone();
			}
			if example.answer_media.is_some() {
				one["answer"] = shortened(answer);
			}
		}
		std::fs::write(FILE, serde_json::to_string_pretty(&examples).unwrap() + "\n").unwrap();
	}
}

/// Of a list the first two.
fn shortened(value: &Value) -> Value {
	match value {
		Value::Array(items) => items.iter().take(2).map(shortened).collect(),
		Value::Object(fields) => {
			fields.iter().map(|(name, value)| (name.clone(), shortened(value))).collect::<Map<_, _>>().into()
		},
		other => other.clone(),
	}
}

/// What nobody can write down beforehand.
impl Run<'_> {
	async fn renew(&mut self, operation: &str, name: &str, example: &mut Example) {
		let answer = |operation: &str, field: &str| self.answers[operation][field].clone();
		match (operation, name) {
			("postAwards", "one") => self.shop.programs_are_known(2).await,
			("getPaymentRequestsById", _) => {
				example.parameters["id"] = answer("postPaymentRequests", "id");
			},
			("getOperationsById", _) => example.parameters["id"] = answer("postAwards", "id"),
			(_, _) if operation.contains("WebhooksById") => {
				example.parameters["id"] = self.answers["postWebhooks"]["endpoint"]["id"].clone();
			},
			("putAcceptedLinesByCreditor", _) => {
				let call = hanse::tx().clearing().grant_credit_line(1, 500_000_000);
				self.shop.sign_and_send(&dev::bob(), &call).await;
			},
			("getComplaints", _) => self.complain().await,
			("getMotions", _) => self.shop.propose(&dev::charlie()).await,
			("postMotionsByMotionVotes", _) => {
				example.parameters["motion"] = self.answers["getMotions"]["items"][0]["motion"].clone();
			},
			_ => {},
		}
		let Some((_, body)) = &mut example.body else { return };
		match (operation, name) {
			("postCustomers", _) => {
				body["signature"] = signed(&dev::ferdie(), &answer("postCustomersConsents", "bytes")).into()
			},
			("postPaymentsSlips", "many") => {
				let mut slips = Vec::new();
				for order in ["B-80", "B-81"] {
					let request = json!({ "order": order, "price": "250000" });
					let request = self.shop.post("/v1/payment-requests", "till", &request).await.1;
					slips.push(self.shop.slip(&dev::ferdie(), &request, 1, 2_500).await);
				}
				*body = slips.into();
			},
			("postPaymentsSlips", _) => {
				let request = &self.answers["postPaymentRequests"];
				*body = self.shop.slip(&dev::ferdie(), request, 1, 12_500).await;
			},
			("postPaymentsRelay", _) => {
				let (order, price) = (body["order"].clone(), body["price"].clone());
				let request = json!({ "order": order, "price": price });
				let request = self.shop.post("/v1/payment-requests", "till", &request).await.1;
				body["transaction"] =
					self.shop.payment(&dev::ferdie(), &request, name == "authorisation").await.into();
			},
			("postSignIn", _) => {
				let challenge = &self.answers["postSignInChallenges"];
				let message = format!("<Bytes>{}</Bytes>", challenge["message"].as_str().unwrap());
				let signature = dev::alice().sign(message.as_bytes()).0;
				*body = json!({ "challenge": challenge["id"], "signature": format!("0x{}", hex::encode(signature)) });
			},
			("postCustomersByReferenceRecoveries", _) => {
				let acceptance = &self.answers["postCustomersByReferenceRecoveriesAcceptances"];
				body["until"] = acceptance["until"].clone();
				body["signature"] = signed(&dev::two(), &acceptance["bytes"]).into();
			},
			_ => {},
		}
	}

	/// The customer complains about what it paid.
	async fn complain(&self) {
		let payer = AccountId32(dev::ferdie().public_key().0);
		let order = order(&self.answers["postPaymentRequests"]);
		let call = hanse::tx().conduct().file_complaint(1, payer, order, H256([7; 32]));
		self.shop.sign_and_send(&dev::ferdie(), &call).await;
	}
}
