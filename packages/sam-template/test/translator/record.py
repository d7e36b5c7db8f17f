"""Records what aws-sam-translator makes of templates: routes, CORS and security of every API.

Reads the cases from stdin and writes expected.json to stdout. See README.md.

The translated template is interpreted by the rules of API Gateway's OpenAPI import.
"""

import json
import sys
from copy import deepcopy

import boto3
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

UNKNOWN = "known at deployment"
METHODS = ["get", "put", "post", "delete", "options", "head", "patch"]
ANY = "x-amazon-apigateway-any-method"
NO_VALUE = object()


class Resolver:
    """Evaluates intrinsic functions as far as the template decides them."""

    def __init__(self, template):
        self.template = template
        self.values = {"AWS::Region": "us-east-1", "AWS::Partition": "aws", "AWS::AccountId": "123456789012"}
        for name, parameter in (template.get("Parameters") or {}).items():
            self.values[name] = str(parameter["Default"]) if "Default" in parameter else UNKNOWN

    def condition(self, name):
        return self.value(self.template["Conditions"][name]) is True

    def value(self, node):
        if isinstance(node, list):
            return [item for item in map(self.value, node) if item is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (name, argument), *_ = node.items()
            if name == "Ref":
                return NO_VALUE if argument == "AWS::NoValue" else self.values.get(argument, str(argument))
            if name == "Condition" and isinstance(argument, str):
                return self.condition(argument)
            if name.startswith("Fn::"):
                return self.call(name, argument)
        pairs = ((key, self.value(item)) for key, item in node.items())
        return {key: item for key, item in pairs if item is not NO_VALUE}

    def call(self, name, argument):
        if name == "Fn::If":
            return self.value(argument[1] if self.condition(argument[0]) else argument[2])
        if name == "Fn::GetAtt":
            return ".".join(argument) if isinstance(argument, list) else argument
        if name == "Fn::Sub":
            text, variables = argument if isinstance(argument, list) else (argument, {})
            for key, item in {**self.values, **self.value(variables)}.items():
                text = text.replace("${" + key + "}", str(item))
            return UNKNOWN if UNKNOWN in text else text
        items = self.value(argument)
        if name == "Fn::Equals":
            return str(items[0]) == str(items[1])
        if name == "Fn::Not":
            return not items[0]
        if name == "Fn::And":
            return all(items)
        if name == "Fn::Or":
            return any(items)
        if name == "Fn::Join":
            return UNKNOWN if UNKNOWN in items[1] else items[0].join(map(str, items[1]))
        if name == "Fn::FindInMap":
            return self.template["Mappings"][items[0]][items[1]][items[2]]
        return UNKNOWN


def translate(text):
    template = yaml_parse(text)
    session = boto3.session.Session(region_name="us-east-1")
    parameters = {
        name: parameter["Default"]
        for name, parameter in (template.get("Parameters") or {}).items()
        if "Default" in parameter
    }
    # An empty map of managed policies, because the templates use none.
    return Translator({}, Parser(), boto_session=session).translate(deepcopy(template), parameter_values=parameters)


def schemes_of(body):
    declared = {**(body.get("securityDefinitions") or {})}
    declared.update((body.get("components") or {}).get("securitySchemes") or {})
    found = {}
    for name, scheme in declared.items():
        kind = ((scheme.get("x-amazon-apigateway-authorizer") or {}).get("type") or "").lower()
        if str(scheme.get("x-amazon-apigateway-authtype")).lower() == "awssigv4":
            found[name] = "AWS_IAM"
        elif kind == "cognito_user_pools":
            found[name] = "COGNITO_USER_POOLS"
        elif kind in ("token", "request"):
            found[name] = "CUSTOM"
        elif kind == "jwt":
            found[name] = "JWT"
        elif scheme.get("type") == "apiKey" and str(scheme.get("name")).lower() == "x-api-key":
            found[name] = "API_KEY"
    return found


def security_of(operation, schemes):
    names = [name for requirement in operation.get("security") or [] for name in requirement]
    authorizers = [name for name in names if schemes.get(name) not in (None, "API_KEY")]
    security = {"authorization": "NONE"}
    if authorizers:
        security = {"authorization": schemes[authorizers[0]]}
        if schemes[authorizers[0]] != "AWS_IAM":
            security["authorizer"] = authorizers[0]
    if any(schemes.get(name) == "API_KEY" for name in names):
        security["apiKey"] = True
    return security


def preflight_of(operation):
    """The CORS headers that a MOCK integration maps; None if the method is not such a mock."""
    integration = operation.get("x-amazon-apigateway-integration") or {}
    if str(integration.get("type")).lower() != "mock":
        return None
    prefix = "method.response.header."
    headers = {}
    for response in (integration.get("responses") or {}).values():
        for name, value in (response.get("responseParameters") or {}).items():
            if name.lower().startswith(prefix + "access-control-"):
                headers[name[len(prefix) :].lower()] = str(value)
    return headers


def api_of(kind, logical_id, body):
    schemes = schemes_of(body)
    routes = {}
    for path, item in (body.get("paths") or {}).items():
        for key, operation in (item or {}).items():
            if (key not in METHODS and key != ANY) or not isinstance(operation, dict):
                continue
            path = "$default" if path == "/$default" else path
            route = security_of(operation, schemes)
            preflight = preflight_of(operation)
            if key == "options" and preflight is not None:
                route["preflight"] = preflight
            routes[f"{'ANY' if key == ANY else key.upper()} {path}"] = route
    api = {"kind": kind, "id": logical_id, "routes": routes}
    cors = body.get("x-amazon-apigateway-cors")
    if kind == "HTTP" and cors:
        api["cors"] = {name[0].lower() + name[1:]: value for name, value in cors.items()}
    return api


KINDS = {"AWS::ApiGateway::RestApi": "REST", "AWS::ApiGatewayV2::Api": "HTTP"}


def apis_of(translated):
    resolver = Resolver(translated)
    found = []
    for logical_id, resource in translated["Resources"].items():
        kind = KINDS.get(resource.get("Type"))
        condition = resource.get("Condition")
        if kind is None or (condition and not resolver.condition(condition)):
            continue
        body = resolver.value(resource.get("Properties") or {}).get("Body")
        if isinstance(body, dict) and body.get("paths"):
            found.append(api_of(kind, logical_id, body))
    return [api for api in found if api["routes"]]


def expected(text):
    try:
        return {"apis": apis_of(translate(text))}
    except InvalidDocumentException as error:
        return {"rejected": " ".join(cause.message for cause in error.causes)}


if __name__ == "__main__":
    rows = ({"name": case["name"], **expected(case["template"])} for case in json.load(sys.stdin))
    # One row a line.
    print("[\n" + ",\n".join(json.dumps(row, sort_keys=True) for row in rows) + "\n]")
