/** One rule by which the portal says no. */
export interface RefusalRow {
  /** `error_code` of the answer. */
  readonly code: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Where the rule is read (np = contracts/platforms/national-portal/SOURCE.md). */
  readonly section: string;
  /** `{}` stands for what the refusal is about. */
  readonly message: string;
}

/**
 * Everything that the simulator refuses in shape A, each rule once; the other faces refuse by these rules too. The numeric catalogue of the real portal was not found:
 * "-3" with "đã tồn tại" and "3" for a refused dossier are seen in clients (np 1.1); "-1" for the rest is ours.
 */
export const MAPI_REFUSALS = {
  destination: { code: "-1", status: 400, section: "np 1.1", message: "dstcode không đúng hoặc thiếu: {}" },
  contentType: { code: "-1", status: 415, section: "np 1.1", message: "Content-Type phải là application/json" },
  notJson: { code: "-1", status: 400, section: "np 1.1", message: "Nội dung không phải một đối tượng JSON" },
  credentials: { code: "-1", status: 200, section: "np 1.1", message: "Sai tên đăng nhập hoặc mật khẩu" },
  session: {
    code: "-1",
    status: 200,
    section: "np 1.1",
    message: "Mã phiên không hợp lệ hoặc phiên đã hết hạn",
  },
  agency: { code: "-1", status: 200, section: "np 1.1", message: "Mã đơn vị (madonvi) không được phép: {}" },
  service: { code: "-1", status: 200, section: "np 2.1", message: "Dịch vụ không tồn tại: {}" },
  endpoint: { code: "-1", status: 200, section: "np 1.1", message: "Dịch vụ {} không ở địa chỉ này" },
  parameter: { code: "-1", status: 200, section: "np 2.1", message: "Thiếu tham số {}" },
  isUpdating: { code: "3", status: 200, section: "np 1.1", message: "isUpdating phải là chuỗi True hoặc False" },
  data: { code: "3", status: 200, section: "np 1.1", message: "Dữ liệu (data) không đúng kiểu: {}" },
  type: { code: "3", status: 200, section: "np 2.1", message: 'type phải là "2"' },
  tooManySteps: { code: "3", status: 200, section: "np 6.4", message: "Quá nhiều bước trong một lần gửi: {}" },
  notText: { code: "3", status: 200, section: "np 2.2", message: "Trường {} phải là chuỗi" },
  notList: { code: "3", status: 200, section: "np 2.2", message: "Trường {} phải là danh sách các đối tượng" },
  required: { code: "3", status: 200, section: "np 2.2", message: "Thiếu trường bắt buộc {}" },
  tooLong: { code: "3", status: 200, section: "np 6.8", message: "Trường {} vượt quá độ dài cho phép" },
  date: { code: "3", status: 200, section: "np 2.2", message: "Trường {} không phải thời điểm yyyyMMddHHmmss hợp lệ" },
  notInList: { code: "3", status: 200, section: "np 3", message: "Trường {} có giá trị ngoài danh mục" },
  shape: { code: "3", status: 200, section: "np 4", message: "Trường {} không đúng mẫu" },
  address: { code: "3", status: 200, section: "np 3.6", message: "Trường {} phải là địa chỉ http hoặc https" },
  identity: { code: "3", status: 200, section: "np 2.2", message: "Số định danh không khớp loại định danh ở {}" },
  procedure: { code: "3", status: 200, section: "np 6.7", message: "Thủ tục {} không có trong cơ sở dữ liệu quốc gia" },
  ownOrigin: {
    code: "3",
    status: 200,
    section: "np 6.11",
    message: "Hồ sơ {} phát sinh từ Cổng Dịch vụ công quốc gia, phải dùng DongBoTrangThaiHoSo",
  },
  exists: { code: "-3", status: 200, section: "np 1.1", message: "Hồ sơ {} đã tồn tại" },
  notHeld: { code: "3", status: 200, section: "np 2.3", message: "Hồ sơ {} chưa được đồng bộ" },
  notAsked: { code: "3", status: 200, section: "np 2.5", message: "Không có câu hỏi {} gửi qua Cổng" },
  notPortalBorn: { code: "3", status: 200, section: "np 2.1", message: "Hồ sơ {} không phát sinh từ Cổng" },
} as const satisfies Record<string, RefusalRow>;

/** What the other faces refuse besides. The connector answers HTTP 400 or 401 in the place of 200 (np 1.3). */
export const FACE_REFUSALS = {
  authorization: { code: "-1", status: 401, section: "np 1.2", message: "Thiếu hoặc sai Authorization" },
  notNumber: { code: "3", status: 200, section: "np 2.3", message: "Trường {} phải là số nguyên" },
  notObject: { code: "3", status: 200, section: "np 1.3", message: "Trường {} phải là một đối tượng" },
  time: { code: "3", status: 200, section: "np 2.3", message: "Trường {} không đúng định dạng thời điểm" },
  upload: { code: "3", status: 200, section: "np 1.3", message: "Thiếu tệp (file) hoặc maHoSo" },
  notUploaded: { code: "3", status: 200, section: "np 1.3", message: "Tệp chưa được tải lên trước: {}" },
  noFile: { code: "3", status: 404, section: "np 1.3", message: "Không có tệp {}" },
  listsNotAllowed: { code: "3", status: 200, section: "np 2.3", message: "Trạng thái {} không kèm lệ phí và kết quả" },
} as const satisfies Record<string, RefusalRow>;

/** What the store of personal papers refuses besides (np 2.5). Its codes are ours. */
export const PAPER_REFUSALS = {
  provider: { code: "-1", status: 400, section: "np 1.1", message: "providerurl không đúng hoặc thiếu: {}" },
  channel: { code: "3", status: 200, section: "np 2.5", message: "KenhThucHien phải là 1 hoặc 2" },
  owner: { code: "3", status: 200, section: "np 2.5", message: "SoDinhDanhChuSoHuu phải có 12 chữ số" },
} as const satisfies Record<string, RefusalRow>;

/** Every rule of the portal. */
export const REFUSALS = { ...MAPI_REFUSALS, ...FACE_REFUSALS, ...PAPER_REFUSALS };

/** The name of a refusal rule. */
export type RefusalKey = keyof typeof REFUSALS;

/** A refusal of one call: the rule and what it is about (a field path, a dossier code). */
export interface Refusal {
  readonly refused: RefusalKey;
  readonly subject: string;
}

/** Makes a refusal. What came from the caller is cut, so that an answer stays small. */
export const refuse = (refused: RefusalKey, subject = ""): Refusal => ({ refused, subject: subject.slice(0, 200) });

/** The portal's words for a refusal. */
export const refusalMessage = ({ refused, subject }: Refusal): string =>
  REFUSALS[refused].message.replace("{}", () => subject);
