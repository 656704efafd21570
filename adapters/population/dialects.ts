import {
  type AccessCredential,
  type FlatLookup,
  hashInput,
  type PascalLookup,
  SOAP_CONTENT_TYPE,
  type TraCuuThongTinCongDan,
} from "../../contracts/platforms/population/wire.ts";
import { base64 } from "./base64.ts";
import type { AccessKeyConfig, JsonConfig, PopulationConfig, SoapConfig, XmlInJsonConfig } from "./config.ts";
import type { Dialect } from "./profile.ts";
import { readJson, readSoapAnswer, readXmlInJson } from "./read-answer.ts";
import { lazySoapEngine } from "./soap-engine.ts";
import { keepToken } from "./token.ts";

const JSON_TYPE = "application/json; charset=utf-8";

const sha256 = async (text: string): Promise<string> => {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** The headers that sign one call; the moment is in the hash, so a signed request is never sent twice (reg 1.2). */
export const signature = async (
  config: Pick<SoapConfig, "hashUrl" | "username" | "secret" | "timestampUnit">,
  now: Date,
): Promise<{ readonly timestamp: string; readonly authorization: string }> => {
  const milliseconds = now.getTime();
  const timestamp = String(config.timestampUnit === "s" ? Math.floor(milliseconds / 1000) : milliseconds);
  const hash = await sha256(hashInput(config.hashUrl, config.username, timestamp, config.secret));
  return { timestamp, authorization: `Basic ${base64(`${config.username}:${hash}`)}` };
};

const openSoap = (config: SoapConfig): Dialect => {
  const engine = lazySoapEngine("dan");
  const { url, apiKey, xroadClient } = config;
  return {
    prepare: async (question, call) => {
      const soap = await engine();
      const headers = {
        "content-type": SOAP_CONTENT_TYPE,
        soapaction: '""',
        ...(await signature(config, call.now())),
        ...(apiKey !== undefined && { apikey: apiKey }),
        ...(xroadClient !== undefined && { "x-road-client": xroadClient }),
      };
      const request = { method: "POST", url, headers, body: soap.write(question) } as const;
      return { ok: true, value: { request, read: readSoapAnswer(soap) } };
    },
  };
};

const openAccessKey = (config: AccessKeyConfig): Dialect => {
  const engine = lazySoapEngine("qldc");
  const credential: AccessCredential = {
    AccessKey: config.accessKey,
    SecretKey: config.secretKey,
    AppName: config.appName,
    PartnerCode: config.partnerCode,
    PartnerCodeCus: config.partnerCodeCus,
  };
  const headers = {
    "content-type": SOAP_CONTENT_TYPE,
    soapaction: '""',
    [config.header]: base64(JSON.stringify(credential)),
  };
  return {
    prepare: async (question) => {
      const soap = await engine();
      const request = { method: "POST", url: config.url, headers, body: soap.write(question) } as const;
      return { ok: true, value: { request, read: readSoapAnswer(soap) } };
    },
  };
};

/** `yyyyMMdd` and the year, of which one is empty. */
const bornParts = ({ NgayThangNamSinh: born }: TraCuuThongTinCongDan) =>
  "Nam" in born ? { NgayThangNam: "", Nam: born.Nam } : { NgayThangNam: born.NgayThangNam, Nam: "" };

const openJson = (config: JsonConfig): Dialect => {
  const token = keepToken(config.bearer);
  return {
    ...(token.drop && { renew: token.drop }),
    prepare: async (question, call) => {
      const bearer = await token.open(call);
      if (!bearer.ok) return bearer;
      const { NgayThangNam, Nam } = bornParts(question);
      const body: FlatLookup = {
        maYeuCau: question.MaYeuCau,
        maDVC: question.MaDVC,
        maCanBo: question.MaCanBo,
        soDinhDanh: question.SoDinhDanh ?? "",
        soCMND: question.SoCMND ?? "",
        hoVaTen: question.HoVaTen,
        ngayThangNam: NgayThangNam || Nam,
        userNameService: config.username,
      };
      const headers = { "content-type": JSON_TYPE, authorization: `Bearer ${bearer.value}` };
      const request = { method: "POST", url: config.url, headers, body: JSON.stringify(body) } as const;
      return { ok: true, value: { request, read: readJson } };
    },
  };
};

const openXmlInJson = (config: XmlInJsonConfig): Dialect => {
  const engine = lazySoapEngine("dan");
  return {
    prepare: async (question) => {
      const soap = await engine();
      const body: PascalLookup = {
        HoVaTen: question.HoVaTen,
        SoDinhDanh: question.SoDinhDanh ?? "",
        SoCMND: question.SoCMND ?? "",
        ...bornParts(question),
        MaTichHop: question.MaTichHop,
        MaDVC: question.MaDVC,
        MaCanBo: question.MaCanBo,
        MaYeuCau: question.MaYeuCau,
      };
      const headers = { "content-type": JSON_TYPE };
      const request = { method: "POST", url: config.url, headers, body: JSON.stringify(body) } as const;
      return { ok: true, value: { request, read: readXmlInJson(soap) } };
    },
  };
};

/** Opens the dialect of the configured profile. */
export const openDialect = (config: PopulationConfig): Dialect => {
  switch (config.profile) {
    case "c06-soap":
      return openSoap(config);
    case "lgsp-accesskey":
      return openAccessKey(config);
    case "lgsp-json":
      return openJson(config);
    case "lgsp-xml-in-json":
      return openXmlInJson(config);
  }
};
