import { json } from "../payments/spoil.ts";
import type { Held } from "../payments/till.ts";

/** A page of nothing, and still a PDF. */
const pdfOf = ({ reference, amount }: Held): string =>
  `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj
% bien lai ${reference}: ${amount} VND
trailer<</Root 1 0 R>>
%%EOF
`;

/** A receipt behind its link. */
export const receiptFile = (held: Held | undefined): Response =>
  held?.state === "paid"
    ? new Response(pdfOf(held), { headers: { "content-type": "application/pdf" } })
    : new Response("404", { status: 404 });

/** A receipt in one of its forms (payment section 1.8); an object still has to be written as an answer. */
export const receiptAnswer = (
  form: string,
  { held, link }: { readonly held: Held; readonly link: string },
): object | Response => {
  const success = { MaLoi: "00", MoTaLoi: "Thành công" };
  switch (form) {
    case "pdf":
      return receiptFile(held);
    case "html":
      return new Response("<html></html>", { headers: { "content-type": "application/octet-stream" } });
    case "base64":
      return { ...success, BienLai: btoa(pdfOf(held)) };
    case "data":
      return { ...success, SoBienLai: `BL${held.transactionNo}`, SoTien: String(held.amount) };
    case "short-link":
      return { ...success, URLBienLai: link };
    case "none":
      return { ...success };
    case "link":
      return { UrlBienLai: link };
    default:
      return json({ error: `receipt-form ${form}` }, 400);
  }
};
