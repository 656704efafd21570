/** What the figures count; printed beside them (design section 7, domain section 3.7). */
export const DIGITISATION_DEFINITION = [
  "Hồ sơ tiếp nhận trong kỳ (theo ngày tiếp nhận, giờ Việt Nam), trong phạm vi của bên gọi.",
  "eResult (chỉ số 4.1): hồ sơ có tệp kết quả. digitised (chỉ số 4.2): hồ sơ có tệp thành phần và tệp kết quả.",
  "before: như hồ sơ được gửi đến, không loại trừ thủ tục nào.",
  "after: theo chính sách có hiệu lực khi hồ sơ được gửi đến lần cuối. exclude-by-metadata: thủ tục không trả kết quả bằng văn bản không tính vào 4.1 và chỉ cần tệp thành phần ở 4.2. auto-acknowledgement: giấy xác nhận là tệp kết quả. mark-digitised: hồ sơ được khai là đã số hóa ở 4.2, không tạo tệp nào. do-not-sync: hồ sơ không được đồng bộ nên không được tính.",
].join(" ");
