"""A SOAP stack of another make (zeep over lxml) on either side of the wire, for independent-soap.test.ts.

client WSDL-ADDRESS         asks the simulator by its own description; questions come as lines of JSON on standard input
server WSDL-FILE            answers an adapter: reads its envelope by the description, strictly, and writes the answer
"""

import base64
import hashlib
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

from lxml import etree
from zeep import Client, Settings, Transport
from zeep.exceptions import Fault
from zeep.helpers import serialize_object

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
QUESTION = "{http://dancuquocgia.bca}TraCuuThongTinCongDan"
ANSWER = "{http://www.mic.gov.vn/dancu/1.0}CongdanCollection"


def say(value):
    print(json.dumps(value, ensure_ascii=False, default=str), flush=True)


class Signed(Transport):
    """Signs each call as the registry wants it."""

    def __init__(self, hash_url, username, secret, headers):
        super().__init__(timeout=20)
        self.known = (hash_url, username, secret, headers)

    def post(self, address, message, headers):
        hash_url, username, secret, own = self.known
        timestamp = str(int(time.time() * 1000))
        digest = hashlib.sha256((hash_url + username + timestamp + secret).encode()).hexdigest()
        basic = base64.b64encode(f"{username}:{digest}".encode()).decode()
        signed = {
            **headers,
            **own,
            "Content-Type": "application/xml; charset=utf-8",
            "Timestamp": timestamp,
            "Authorization": f"Basic {basic}",
        }
        return super().post(address, message, signed)


def run_client(address):
    client = None
    for line in sys.stdin:
        given = json.loads(line)
        if client is None:
            transport = Signed(given["hashUrl"], given["username"], given["secret"], given["headers"])
            client = Client(address, transport=transport, settings=Settings(strict=True))
        try:
            found = client.service.TraCuuThongTinCongDan(**given["question"])
            say({"found": serialize_object(found, dict)})
        except Fault as fault:
            say({"fault": fault.code, "words": fault.message})


def read_question(wsdl, envelope):
    body = envelope.find(f"{{{SOAP}}}Body")
    header = envelope.find(f"{{{SOAP}}}Header")
    element = wsdl.types.get_element(QUESTION)
    question = element.parse(body[0], wsdl.types)
    return {
        "root": body[0].tag,
        "headerIsEmpty": header is not None and len(header) == 0,
        "question": serialize_object(question, dict),
    }


def write_answer(wsdl, citizens):
    nsmap = {"soapenv": SOAP}
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap=nsmap)
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    element = wsdl.types.get_element(ANSWER)
    element.render(body, element(CongDan=citizens))
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def run_server(path):
    wsdl = Client(path, settings=Settings(strict=True)).wsdl
    known = json.loads(sys.stdin.readline())

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            bytes_read = self.rfile.read(int(self.headers["content-length"]))
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            told = read_question(wsdl, etree.fromstring(bytes_read, parser))
            told["contentType"] = self.headers["content-type"]
            say(told)
            matches = told["question"]["SoDinhDanh"] == known["SoDinhDanh"]
            answer = write_answer(wsdl, [known] if matches else [])
            self.send_response(200)
            self.send_header("content-type", "text/xml; charset=utf-8")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    say({"port": server.server_port})
    server.serve_forever()


if __name__ == "__main__":
    {"client": run_client, "server": run_server}[sys.argv[1]](sys.argv[2])
